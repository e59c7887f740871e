"""What somebody does to tables by hand, and the object that must be named for it."""

# What was done, what is named: kind and object.
OF_TABLES: tuple[tuple[str, tuple[str, str]], ...] = (
    ("CREATE TABLE extra (id int)", ("table", "extra")),
    ("DROP TABLE products CASCADE", ("table", "products")),
    ("ALTER TABLE makers ADD COLUMN extra int", ("column", "makers.extra")),
    ("ALTER TABLE makers DROP COLUMN founded", ("column", "makers.founded")),
    ("ALTER TABLE makers RENAME COLUMN name TO title", ("column", "makers.title")),
    ("ALTER TABLE makers ALTER capital TYPE numeric(18,4)", ("column", "makers.capital")),
    ("ALTER TABLE makers ALTER capital TYPE numeric", ("column", "makers.capital")),
    ("ALTER TABLE makers ALTER capital TYPE double precision", ("column", "makers.capital")),
    ("ALTER TABLE makers ALTER code DROP NOT NULL", ("column", "makers.code")),
    ("ALTER TABLE makers ALTER name SET NOT NULL", ("column", "makers.name")),
    ("ALTER TABLE makers ALTER founded DROP DEFAULT", ("column", "makers.founded")),
    ("ALTER TABLE makers ALTER founded SET DEFAULT '1950-01-01'", ("column", "makers.founded")),
    ('ALTER TABLE makers ALTER name TYPE text COLLATE "C"', ("column", "makers.name")),
    ("ALTER TABLE makers ALTER name SET STORAGE EXTERNAL", ("column", "makers.name")),
    ("ALTER TABLE makers ALTER length DROP EXPRESSION", ("column", "makers.length")),
    (
        "ALTER TABLE makers DROP COLUMN length, ADD length int GENERATED ALWAYS AS (char_length(code) + 1) STORED",
        ("column", "makers.length"),
    ),
    ("ALTER TABLE makers ALTER id DROP IDENTITY", ("column", "makers.id")),
    ("ALTER TABLE makers ALTER id SET GENERATED ALWAYS", ("column", "makers.id")),
    ("ALTER TABLE makers ALTER id SET CACHE 50", ("sequence", "makers_id_seq")),
    ("ALTER TABLE prices DROP CONSTRAINT pk_prices", ("primary key", "prices.pk_prices")),
    ("ALTER TABLE makers DROP CONSTRAINT uq_makers_code", ("unique", "makers.uq_makers_code")),
    (
        "ALTER TABLE makers DROP CONSTRAINT uq_makers_code,"
        " ADD CONSTRAINT uq_makers_code UNIQUE NULLS NOT DISTINCT (code)",
        ("unique", "makers.uq_makers_code"),
    ),
    ("ALTER TABLE makers DROP CONSTRAINT ck_makers_code", ("check", "makers.ck_makers_code")),
    (
        "ALTER TABLE makers DROP CONSTRAINT ck_makers_code,"
        " ADD CONSTRAINT ck_makers_code CHECK (code ~ '^[0-9A-Z]{4}$')",
        ("check", "makers.ck_makers_code"),
    ),
    (
        "ALTER TABLE products DROP CONSTRAINT ck_products_price,"
        " ADD CONSTRAINT ck_products_price CHECK (price > 0) NOT VALID",
        ("check", "products.ck_products_price"),
    ),
    ("ALTER TABLE products DROP CONSTRAINT fk_products_maker", ("foreign key", "products.fk_products_maker")),
    (
        "ALTER TABLE products DROP CONSTRAINT fk_products_maker,"
        " ADD CONSTRAINT fk_products_maker FOREIGN KEY (maker_id) REFERENCES makers ON DELETE RESTRICT",
        ("foreign key", "products.fk_products_maker"),
    ),
    (
        "ALTER TABLE products ALTER CONSTRAINT fk_products_maker DEFERRABLE",
        ("foreign key", "products.fk_products_maker"),
    ),
    ("ALTER TABLE products DROP CONSTRAINT ex_products_sold", ("exclusion", "products.ex_products_sold")),
    ("CREATE INDEX ix_extra ON makers (capital)", ("index", "ix_extra")),
    ("DROP INDEX ix_makers_name", ("index", "ix_makers_name")),
    (
        "DROP INDEX ix_makers_name; CREATE INDEX ix_makers_name ON makers USING hash (name)",
        ("index", "ix_makers_name"),
    ),
    (
        "DROP INDEX ix_makers_founded;"
        " CREATE INDEX ix_makers_founded ON makers (founded DESC) WHERE founded > '1990-01-01'",
        ("index", "ix_makers_founded"),
    ),
    (
        "DROP INDEX ix_makers_lower; CREATE INDEX ix_makers_lower ON makers (upper(name))",
        ("index", "ix_makers_lower"),
    ),
    ("DROP INDEX ix_prices_day; CREATE INDEX ix_prices_day ON ONLY prices (day)", ("index", "ix_prices_day")),
    ("ALTER INDEX ix_makers_name SET (fillfactor = 70)", ("index", "ix_makers_name")),
    ("ALTER TABLE makers SET (fillfactor = 70)", ("table", "makers")),
    ("ALTER TABLE makers DISABLE TRIGGER touch_makers", ("trigger", "makers.touch_makers")),
    ("DROP TRIGGER touch_makers ON makers", ("trigger", "makers.touch_makers")),
    (
        "CREATE OR REPLACE FUNCTION double(x int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT x + x $$",
        ("function", "double(x integer)"),
    ),
    ("ALTER FUNCTION double(int) VOLATILE", ("function", "double(x integer)")),
    ("CREATE OR REPLACE VIEW cheap AS SELECT id FROM products WHERE price < 20", ("view", "cheap")),
    ("DROP MATERIALIZED VIEW counted", ("materialized view", "counted")),
    ("ALTER SEQUENCE numbers INCREMENT 5", ("sequence", "numbers")),
    ("ALTER TYPE mood ADD VALUE 'tired' BEFORE 'busy'", ("enum", "mood")),
    ("ALTER DOMAIN percent SET NOT NULL", ("domain", "percent")),
    ("ALTER TABLE products ENABLE ROW LEVEL SECURITY", ("table", "products")),
    ("ALTER POLICY only_mine ON products USING (price > 2)", ("policy", "products.only_mine")),
    ("ALTER TABLE products SET UNLOGGED", ("table", "products")),
    ("DROP TABLE prices_2025", ("table", "prices_2025")),
    (
        "DROP TABLE prices_2025;"
        " CREATE TABLE prices_2025 PARTITION OF prices FOR VALUES FROM ('2025-01-01') TO ('2025-07-01')",
        ("table", "prices_2025"),
    ),
    (
        "DROP TABLE prices; CREATE TABLE prices (maker_id bigint NOT NULL, day date NOT NULL, price numeric,"
        " CONSTRAINT pk_prices PRIMARY KEY (maker_id, day)) PARTITION BY LIST (day)",
        ("partitioned table", "prices"),
    ),
    ("DROP STATISTICS st_makers", ("statistics", "makers.st_makers")),
    ("DROP RULE no_delete ON makers", ("rule", "makers.no_delete")),
    ("COMMENT ON TABLE makers IS 'something else'", ("comment", "relation makers")),
    ("COMMENT ON COLUMN makers.code IS NULL", ("comment", "relation makers.code")),
)
