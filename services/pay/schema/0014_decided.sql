-- A difference that two administrators have decided is explained when the day is reconciled again.
ALTER TABLE reconciliation_finding
    DROP CONSTRAINT ck_finding_outcome,
    ADD CONSTRAINT ck_finding_outcome CHECK (outcome IN ('healed', 'review', 'decided'));
