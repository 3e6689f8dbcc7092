package io.sallyport.cli.demo;

/** A command that works as it stands, and a word on what it shows. */
record Example(String what, String command) {}
