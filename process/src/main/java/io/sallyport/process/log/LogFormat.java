package io.sallyport.process.log;

/** How log lines are written. */
public enum LogFormat {
    /** For people: time, level, event, fields. */
    TEXT,
    /** For machines: one JSON object a line. */
    JSON
}
