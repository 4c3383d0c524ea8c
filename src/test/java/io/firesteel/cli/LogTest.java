package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.filter.AbstractFilterable;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the scripts' log configuration lets through. */
class LogTest {
    private static final Path CONFIGURATION = Path.of("conf/log4j2.properties");

    /** Messages that Spark logs while it stops, each with a stack trace, are not shown after a run that succeeded. */
    @ParameterizedTest
    @CsvSource({
        "org.apache.spark.rpc.netty.Inbox, Ignoring error, false",
        "org.apache.spark.scheduler.TaskSchedulerImpl, Exception in statusUpdate, false",
        "org.apache.spark.executor.Executor, Exception in task 1.0, false",
        "org.apache.spark.scheduler.DAGScheduler, something else, true"
    })
    void error_isShown(String logger, String message, boolean shown) {
        try (LoggerContext context = new LoggerContext("test")) {
            context.setConfigLocation(CONFIGURATION.toUri());
            context.start();
            LogEvent event = Log4jLogEvent.newBuilder()
                    .setLoggerName(logger)
                    .setLevel(Level.ERROR)
                    .setMessage(new SimpleMessage(message))
                    .setThrown(new RejectedExecutionException("Task rejected from ThreadPoolExecutor[Shutting down]"))
                    .build();
            AbstractFilterable stderr = context.getConfiguration().getAppender("stderr");
            assertTrue(context.getConfiguration().getRootLogger().getAppenders().containsKey("stderr"));
            assertEquals(shown, context.getLogger(logger).isErrorEnabled() && !stderr.isFiltered(event));
        }
    }
}
