-- The keys that tokens are signed with, sealed by the service's secret. A new one is published at once, signs later, and
-- the one before it goes when its last token has run out.
CREATE TABLE signing_key (
    kid VARCHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    sealed VARBINARY(1000) NOT NULL, -- nonce, then AES-128-GCM of the PEM text
    made_at DATETIME(3) NOT NULL,
    active_from DATETIME(3) NOT NULL,
    retire_at DATETIME(3) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
