-- How many shares of a deal pay has captured. A table of its own: pay's news may be here before deal's.
CREATE TABLE captured (
    deal_id BINARY(16) NOT NULL PRIMARY KEY,
    shares BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO captured (deal_id, shares) SELECT id, paid FROM room WHERE paid > 0;
