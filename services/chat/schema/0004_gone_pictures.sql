-- Pictures of deleted messages: nobody sees them any more, a report still may for thirty days, then they are removed.
ALTER TABLE image
    ADD COLUMN gone_at DATETIME(3) NULL,
    ADD KEY ix_image_gone (room_id, gone_at);
