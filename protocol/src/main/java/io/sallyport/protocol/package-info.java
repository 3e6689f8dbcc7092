/**
 * What travels between gateway and agent: control messages, data frames, and the pure translation
 * of both to bytes. The contract is {@code docs/protocol.md}.
 */
@NullMarked
package io.sallyport.protocol;

import org.jspecify.annotations.NullMarked;
