// What we use of tom-select; its file makes one name for the whole page.

export interface Choice {
  value: string;
  text: string;
}

/** Makes of text what is no markup. */
export type AsText = (text: string) => string;

export interface Settings {
  maxItems: number;
  options: Choice[];
  items: string[];
  openOnFocus: boolean;
  hidePlaceholder: boolean;
  highlight: boolean;
  loadThrottle: number;
  refreshThrottle: number;
  shouldLoad(text: string): boolean;
  load(this: Select, text: string, done: (choices?: Choice[]) => void): Promise<void>;
  score(text: string): (choice: Choice) => number;
  render: {
    item(choice: Choice, asText: AsText): string;
    loading(data: object, asText: AsText): string;
    no_results(data: object, asText: AsText): string;
  };
  onChange(this: Select, value: string): void;
  onDropdownOpen(list: HTMLElement): void;
}

export interface Select {
  readonly control: HTMLElement;
  readonly control_input: HTMLInputElement;
  readonly dropdown_content: HTMLElement;
  readonly wrapper: HTMLElement;
  readonly options: Record<string, Choice | undefined>;
  readonly items: string[];
  readonly isOpen: boolean;
  readonly loading: number;
  addOption(choice: Choice): void;
  clear(): void;
  clearOptions(): void;
  destroy(): void;
  focus(): void;
  load(text: string): void;
  setValue(value: string): void;
}

declare global {
  const TomSelect: new (input: HTMLInputElement, settings: Settings) => Select;
}
