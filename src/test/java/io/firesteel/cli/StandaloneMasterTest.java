package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.firesteel.base.UserError;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class StandaloneMasterTest {
    private final SparkConf conf = new SparkConf(false);

    @Test
    void unreachableMasters_areNamedWithTheReason() throws Exception {
        int port = Scripts.freePort();
        String url = "spark://127.0.0.1:" + port + ",none.invalid:7077";
        UserError e = assertThrows(UserError.class, () -> StandaloneMaster.expectUsable(url, conf));
        assertEquals(
                "no master of the cluster answers at 127.0.0.1:" + port
                        + ": Connection refused; none.invalid:7077: unknown host",
                e.problem());
    }

    @Test
    void otherMasters_areNotAsked() {
        assertDoesNotThrow(() -> StandaloneMaster.expectUsable("local[2]", conf));
        assertDoesNotThrow(() -> StandaloneMaster.expectUsable("yarn", conf));
    }

    @Test
    void waiting_saysWhatWasAskedForAndWhatThereIs() {
        conf.set("spark.driver.host", "10.0.0.1").set("spark.driver.port", "4711");
        assertEquals(
                "no executor has come yet: asked for executors with all cores of a worker and 1g of memory; executors"
                        + " are told to call 10.0.0.1:4711",
                ExecutorWatch.text(conf, ""));
        conf.set("spark.executor.cores", "4").set("spark.executor.memory", "8g").set("spark.cores.max", "16");
        assertEquals(
                "no executor has come yet: asked for executors with 4 cores and 8g of memory, 16 cores in all;"
                        + " workers: w1 has 2 of 2 cores; executors are told to call 10.0.0.1:4711",
                ExecutorWatch.text(conf, "workers: w1 has 2 of 2 cores"));
    }
}
