package io.sallyport.protocol;

/**
 * Says that a session is a data connection beside another one.
 *
 * @param beside the session that asked for it
 * @param request the number that the agent gave to {@link ControlMessage.Listen} or {@link
 *     ControlMessage.ConnectPartner}
 */
public record DataConnection(SessionId beside, long request) {}
