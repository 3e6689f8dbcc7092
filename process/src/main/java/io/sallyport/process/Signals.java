package io.sallyport.process;

import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The JDK has them in {@code sun.misc.Signal} only, which can't be
 * compiled against without warnings, so it is called by reflection.
 */
final class Signals {
    private Signals() {}

    /**
     * Runs the handler, briefly, whenever the signal comes.
     *
     * @param name without SIG: {@code HUP}
     */
    static void on(String name, Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {signalHandler},
                            (_, method, arguments) -> {
                                if (method.getName().equals("handle")) {
                                    handler.run();
                                }
                                return null;
                            });
            signal.getMethod("handle", signal, signalHandler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException unavailable) {
            throw new IllegalStateException("this JVM can't handle SIG" + name, unavailable);
        }
    }
}
