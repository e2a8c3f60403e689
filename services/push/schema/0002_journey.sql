-- What a person wants and allows, what push knows of deals, the way of a notice to a device, reminders.
-- The table `delivery` of 0001 is left alone: instances of the release before still write to it while this one rolls
-- out.

ALTER TABLE person
    ADD COLUMN lang TINYINT NOT NULL DEFAULT 0,
    ADD COLUMN tz VARCHAR(40) CHARACTER SET ascii NOT NULL DEFAULT 'Asia/Seoul',
    ADD COLUMN quiet_from SMALLINT NULL, -- minute of the local day; NULL: no quiet hours
    ADD COLUMN quiet_until SMALLINT NULL,
    ADD COLUMN digest_every SMALLINT NOT NULL DEFAULT 1440, -- minutes: 60 or 1440
    ADD COLUMN digest_at SMALLINT NOT NULL DEFAULT 1080, -- minute of the local day of a daily digest
    ADD COLUMN ads_since DATETIME(3) NULL, -- consent to advertising, given or confirmed last
    ADD COLUMN ads_at_night_since DATETIME(3) NULL,
    ADD COLUMN phone VARCHAR(11) CHARACTER SET ascii NULL, -- proved by a code; there is consent while it stands
    ADD COLUMN phone_since DATETIME(3) NULL,
    ADD KEY ix_person_ads (lang, user_id);

ALTER TABLE share
    ADD COLUMN state TINYINT NOT NULL DEFAULT 0, -- enum deal_share_state
    ADD COLUMN terms BIGINT NOT NULL DEFAULT 1, -- version that was accepted
    ADD KEY ix_share_deal (deal_id, user_id);

-- Push's own copy of what reminders are about.
CREATE TABLE deal (
    deal_id BINARY(16) NOT NULL PRIMARY KEY,
    host_id BINARY(16) NOT NULL,
    title VARCHAR(60) NOT NULL,
    state TINYINT NOT NULL, -- enum deal_state
    terms BIGINT NOT NULL DEFAULT 1,
    closes_at DATETIME(3) NULL,
    pickup_from DATETIME(3) NULL,
    pickup_until DATETIME(3) NULL,
    told_full TINYINT NOT NULL DEFAULT 0 -- 1: nearly full, 2: full; each is told once
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE notice
    ADD COLUMN target_id BINARY(16) NULL, -- room, request ...: where the link leads when it is not the deal
    ADD COLUMN text VARCHAR(300) NULL, -- words of somebody: a preview, a memo, a reason
    ADD COLUMN until_at DATETIME(3) NULL, -- an instant the notice names
    ADD COLUMN number BIGINT NULL, -- a number it names: messages, portions
    ADD COLUMN fate TINYINT NOT NULL DEFAULT 0, -- enum push_fate: what was decided for the channels
    ADD COLUMN archived_at DATETIME(3) NULL,
    ADD COLUMN snoozed_until DATETIME(3) NULL,
    ADD COLUMN digest_at DATETIME(3) NULL,
    ADD COLUMN ended_at DATETIME(3) NULL, -- when its way ended, and how: enum push_end
    ADD COLUMN ended TINYINT NULL,
    ADD KEY ix_notice_at (at),
    ADD KEY ix_notice_target (target_id, kind, user_id),
    ADD KEY ix_notice_deal (deal_id, user_id);

ALTER TABLE device
    ADD COLUMN vapid BINARY(65) NULL, -- the key it subscribed with; NULL: the oldest we have
    -- last resync or sign of a shown notice: the most active is tried first
    ADD COLUMN active_at DATETIME(3) NULL;
UPDATE device SET active_at = created_at;

-- A notice on its way: to one device after the other until one has shown it. Gone when the way has ended.
CREATE TABLE journey (
    notice_id BINARY(16) NOT NULL PRIMARY KEY,
    shard TINYINT NOT NULL,
    base INT NOT NULL, -- number of the first attempt of this round (a collapsed notice starts anew)
    next_at DATETIME(3) NOT NULL,
    give_up_at DATETIME(3) NOT NULL,
    KEY ix_journey_next (shard, next_at),
    CONSTRAINT fk_journey_notice FOREIGN KEY (notice_id) REFERENCES notice (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One try of a channel, and what became of it: the trace of a notice.
CREATE TABLE attempt (
    notice_id BINARY(16) NOT NULL,
    step INT NOT NULL,
    channel TINYINT NOT NULL, -- enum push_channel
    device_id BINARY(16) NULL,
    result TINYINT NOT NULL, -- enum push_result
    status SMALLINT NULL, -- of the push service
    tries INT NOT NULL DEFAULT 1,
    at DATETIME(3) NOT NULL, -- of the last try
    shown_at DATETIME(3) NULL,
    clicked_at DATETIME(3) NULL,
    PRIMARY KEY (notice_id, step),
    CONSTRAINT fk_attempt_notice FOREIGN KEY (notice_id) REFERENCES notice (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO journey (notice_id, shard, base, next_at, give_up_at)
    SELECT d.notice_id, 0, 0, MIN(n.at), MAX(d.give_up_at) FROM delivery d JOIN notice n ON n.id = d.notice_id
    GROUP BY d.notice_id;
INSERT INTO due (kind, subject, due_at, next_try_at, attempts)
    VALUES ('push.send', 0x00000000000000000000000000000100, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 0);
DELETE FROM due WHERE kind = 'push.deliver';

-- What is to be said at a time, if it is still so then.
CREATE TABLE reminder (
    id BINARY(16) NOT NULL PRIMARY KEY, -- follows from deal, kind, person and time
    shard TINYINT NOT NULL,
    deal_id BINARY(16) NOT NULL,
    user_id BINARY(16) NULL, -- NULL: everybody in the deal
    kind TINYINT NOT NULL,
    due_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL, -- after this it is of no use any more
    basis DATETIME(3) NULL, -- the deal's time it was set for; another one by then: not sent
    KEY ix_reminder_due (shard, due_at),
    KEY ix_reminder_deal (deal_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One piece of news for many people, worked off in pieces.
CREATE TABLE fanout (
    id BINARY(16) NOT NULL PRIMARY KEY,
    audience TINYINT NOT NULL, -- enum push_audience
    event_id BINARY(16) NOT NULL,
    at DATETIME(3) NOT NULL,
    kind TINYINT NOT NULL,
    lang TINYINT NOT NULL,
    deal_id BINARY(16) NULL,
    from_id BINARY(16) NULL,
    title VARCHAR(80) NOT NULL,
    text VARCHAR(300) NULL,
    lat BIGINT NULL,
    lng BIGINT NULL,
    done_to BINARY(16) NULL -- everybody up to this one has been told
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE block (
    user_id BINARY(16) NOT NULL, -- who keeps apart
    blocked_id BINARY(16) NOT NULL,
    PRIMARY KEY (user_id, blocked_id),
    KEY ix_block_blocked (blocked_id, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
