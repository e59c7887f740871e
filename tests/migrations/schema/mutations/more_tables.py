"""What is done to tables that leaves their columns and definitions as they are, and yet changes what they do."""

OF_ENFORCEMENT: tuple[tuple[str, tuple[str, str]], ...] = (
    ("ALTER TABLE products DISABLE TRIGGER ALL", ("foreign key", "products.fk_products_maker")),
    # The other end of it enforces ON DELETE.
    ("ALTER TABLE makers DISABLE TRIGGER ALL", ("foreign key", "products.fk_products_maker")),
    ("ALTER TABLE makers DISABLE TRIGGER ALL -- its own", ("trigger", "makers.touch_makers")),
    ("ALTER TABLE makers DISABLE TRIGGER USER", ("trigger", "makers.touch_makers")),
    ("ALTER TABLE makers ENABLE REPLICA TRIGGER touch_makers", ("trigger", "makers.touch_makers")),
    ("ALTER TABLE makers ENABLE ALWAYS TRIGGER touch_makers", ("trigger", "makers.touch_makers")),
    ("ALTER TABLE prices_2025 DISABLE TRIGGER touch_prices", ("trigger", "prices_2025.touch_prices")),
    ("ALTER TABLE prices DISABLE TRIGGER touch_prices", ("trigger", "prices.touch_prices")),
    ("ALTER TABLE parents DISABLE TRIGGER late", ("trigger", "parents.late")),
    ("ALTER TABLE parents DISABLE TRIGGER ALL", ("unique", "parents.uq_parents_b")),
    (
        "ALTER TRIGGER touch_makers ON makers RENAME TO touched",
        ("trigger", "makers.touched"),
    ),
    (
        "CREATE OR REPLACE TRIGGER touch_makers BEFORE UPDATE ON makers FOR EACH ROW"
        " WHEN (NEW.code <> '0000') EXECUTE FUNCTION touch()",
        ("trigger", "makers.touch_makers"),
    ),
    ("ALTER TABLE makers DISABLE RULE no_delete", ("rule", "makers.no_delete")),
    ("ALTER TABLE makers ENABLE REPLICA RULE no_delete", ("rule", "makers.no_delete")),
    (
        "CREATE OR REPLACE RULE no_delete AS ON DELETE TO makers WHERE OLD.id > 0 DO INSTEAD NOTHING",
        ("rule", "makers.no_delete"),
    ),
    (
        "ALTER TABLE parents DROP CONSTRAINT ck_parents_a;"
        " ALTER TABLE parents ADD CONSTRAINT ck_parents_a CHECK (a > 0) NO INHERIT",
        ("check", "parents.ck_parents_a"),
    ),
    (
        "ALTER TABLE parents DROP CONSTRAINT uq_parents_b, ADD CONSTRAINT uq_parents_b UNIQUE (b)",
        ("unique", "parents.uq_parents_b"),
    ),
    (
        "ALTER TABLE parents DROP CONSTRAINT uq_parents_b,"
        " ADD CONSTRAINT uq_parents_b UNIQUE (b) DEFERRABLE INITIALLY DEFERRED",
        ("unique", "parents.uq_parents_b"),
    ),
    (
        "ALTER TABLE products RENAME CONSTRAINT fk_products_maker TO other",
        ("foreign key", "products.other"),
    ),
    (
        "ALTER TABLE products DROP CONSTRAINT fk_products_maker,"
        " ADD CONSTRAINT fk_products_maker FOREIGN KEY (maker_id) REFERENCES makers ON DELETE CASCADE NOT VALID",
        ("foreign key", "products.fk_products_maker"),
    ),
    ("ALTER TABLE products FORCE ROW LEVEL SECURITY", ("table", "products")),
    ("ALTER POLICY only_mine ON products TO pg_monitor", ("policy", "products.only_mine")),
    ("DROP POLICY only_mine ON products", ("policy", "products.only_mine")),
    (
        "DROP POLICY only_mine ON products; CREATE POLICY only_mine ON products AS RESTRICTIVE USING (price > 1)",
        ("policy", "products.only_mine"),
    ),
    ("ALTER TABLE makers REPLICA IDENTITY FULL", ("table", "makers")),
    ("ALTER TABLE makers REPLICA IDENTITY USING INDEX uq_makers_code", ("index", "uq_makers_code")),
    ("ALTER TABLE makers CLUSTER ON ix_makers_name", ("index", "ix_makers_name")),
    ("ALTER TABLE makers SET (autovacuum_enabled = false)", ("table", "makers")),
    ("ALTER TABLE makers ALTER name SET COMPRESSION pglz", ("column", "makers.name")),
    ("ALTER TABLE makers ALTER name SET (n_distinct = 5)", ("column", "makers.name")),
    ("ALTER TABLE children NO INHERIT parents", ("table", "children")),
    ("ALTER TABLE prices DETACH PARTITION prices_2025", ("table", "prices_2025")),
    ("CREATE TABLE prices_rest PARTITION OF prices DEFAULT", ("table", "prices_rest")),
    ("CREATE UNLOGGED TABLE extra (id int)", ("table", "extra")),
    ("ALTER TABLE makers RENAME TO firms", ("table", "firms")),
    ("ALTER TABLE parents ALTER id DROP DEFAULT", ("column", "parents.id")),
    ("ALTER TABLE remote OPTIONS (SET name 'b')", ("foreign table", "remote")),
    ("ALTER TABLE remote ALTER id OPTIONS (SET place '2')", ("column", "remote.id")),
    ("DROP FOREIGN TABLE remote", ("foreign table", "remote")),
    (
        "DROP INDEX ix_parents_a; CREATE INDEX ix_parents_a ON parents (a)",
        ("index", "ix_parents_a"),
    ),
    (
        "DROP INDEX ix_makers_name; CREATE UNIQUE INDEX ix_makers_name ON makers (name)",
        ("index", "ix_makers_name"),
    ),
    (
        "DROP INDEX ix_makers_name; CREATE INDEX ix_makers_name ON makers (name text_pattern_ops)",
        ("index", "ix_makers_name"),
    ),
    (
        "DROP INDEX ix_makers_name; CREATE INDEX ix_makers_name ON makers (name NULLS FIRST)",
        ("index", "ix_makers_name"),
    ),
    (
        'DROP INDEX ix_makers_name; CREATE INDEX ix_makers_name ON makers (name COLLATE "C")',
        ("index", "ix_makers_name"),
    ),
    ("ALTER INDEX ix_makers_name RENAME TO ix_other", ("index", "ix_other")),
    (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_makers_name'::regclass",
        ("index", "ix_makers_name"),
    ),
    (
        "UPDATE pg_index SET indisready = false WHERE indexrelid = 'ix_makers_name'::regclass",
        ("index", "ix_makers_name"),
    ),
    (
        "UPDATE pg_index SET indislive = false WHERE indexrelid = 'ix_makers_name'::regclass",
        ("index", "ix_makers_name"),
    ),
    ("CREATE VIEW extra AS SELECT 1 AS a", ("view", "extra")),
    ("ALTER VIEW cheap SET (security_barrier)", ("view", "cheap")),
    ("ALTER VIEW cheap ALTER id SET DEFAULT 5", ("column", "cheap.id")),
    ("REFRESH MATERIALIZED VIEW counted WITH NO DATA", ("state", "materialized view counted")),
    ("ALTER SEQUENCE numbers START 1", ("sequence", "numbers")),
    ("ALTER SEQUENCE numbers CYCLE", ("sequence", "numbers")),
    ("ALTER SEQUENCE numbers AS int", ("sequence", "numbers")),
    ("ALTER SEQUENCE numbers MAXVALUE 99", ("sequence", "numbers")),
    ("ALTER SEQUENCE parents_id_seq OWNED BY NONE", ("sequence", "parents_id_seq")),
    ("INSERT INTO makers (id, code) VALUES (700, '7203')", ("state", "sequence makers_id_seq")),
    ("INSERT INTO parents (id) VALUES (500)", ("state", "sequence parents_id_seq")),
    (
        "INSERT INTO makers (code) VALUES ('7203'); SELECT setval('makers_id_seq', 1, false)",
        ("state", "sequence makers_id_seq"),
    ),
    ("ALTER TABLE alembic_version ALTER version_num TYPE text", ("column", "alembic_version.version_num")),
    ("ALTER TABLE alembic_version ADD by_hand int", ("column", "alembic_version.by_hand")),
    (
        "ALTER TABLE alembic_version DROP CONSTRAINT alembic_version_pkc",
        ("primary key", "alembic_version.alembic_version_pkc"),
    ),
    ("ALTER TABLE alembic_version SET UNLOGGED", ("table", "alembic_version")),
    (
        "CREATE TRIGGER spoil BEFORE INSERT ON alembic_version FOR EACH ROW EXECUTE FUNCTION touch()",
        ("trigger", "alembic_version.spoil"),
    ),
    (
        "CREATE RULE spoil AS ON UPDATE TO alembic_version DO INSTEAD NOTHING",
        ("rule", "alembic_version.spoil"),
    ),
)
# As the servers from 15 and from 18 on know them.
SINCE_15 = (("ALTER SEQUENCE numbers SET UNLOGGED", ("sequence", "numbers")),)
SINCE_18: tuple[tuple[str, tuple[str, str]], ...] = (
    (
        "ALTER TABLE products ALTER CONSTRAINT fk_products_maker NOT ENFORCED",
        ("foreign key", "products.fk_products_maker"),
    ),
    ("ALTER TABLE makers ADD v int GENERATED ALWAYS AS (id + 1) VIRTUAL", ("column", "makers.v")),
    ("ALTER TABLE makers ADD CONSTRAINT nn NOT NULL name NOT VALID", ("constraint", "makers.nn")),
    ("ALTER TABLE makers ADD CONSTRAINT nn NOT NULL name NO INHERIT", ("constraint", "makers.nn")),
)
