-- Change queues that may have writes on their way to a store that other nodes reach.
ALTER TABLE feed_lane RENAME TO open_change_queue;
ALTER TABLE open_change_queue ALTER COLUMN lane RENAME TO queue;
