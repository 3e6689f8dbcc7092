package io.sallyport.agent.link;

import java.util.List;

/** The answer to an event: the state to be in, and what to do, in this order. */
record LinkStep(LinkState next, List<LinkEffect> effects) {
    static LinkStep step(LinkState next, LinkEffect... effects) {
        return new LinkStep(next, List.of(effects));
    }
}
