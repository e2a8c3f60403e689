-- The lists in an order (newest, fewest left, most saved) around a point pass over many deals elsewhere: what decides about
-- one lies in the index itself, and no row is read for those that are passed over. The cell is in every index, as a part of
-- the primary key.
ALTER TABLE listing
    ADD KEY ix_listing_new (deal_id, closes_at, category),
    DROP KEY ix_listing_left,
    ADD KEY ix_listing_left (left_n, deal_id, closes_at, category),
    DROP KEY ix_listing_saves,
    ADD KEY ix_listing_saves (saves, deal_id, closes_at, category),
    DROP KEY ix_listing_closing,
    ADD KEY ix_listing_closing (closes_at, deal_id, category);
