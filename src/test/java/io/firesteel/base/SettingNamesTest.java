package io.firesteel.base;

import static io.firesteel.base.SettingNames.mention;
import static io.firesteel.base.SettingNames.spark;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SettingNamesTest {
    @Test
    void render_asEachSurfaceWritesIt() {
        String text = mention("missing", "mean") + " | " + mention("option", "sep=;") + " | "
                + spark("spark.jars.packages=a:b:1", "spark.sql.x=y=z") + " | " + spark("spark.driver.memory=8g");
        assertEquals(
                "--missing mean | --option sep=; | --packages a:b:1 --conf spark.sql.x=y=z before the command"
                        + " | --driver-memory 8g before the command",
                SettingNames.OPTIONS.render(text));
        assertEquals(
                "missing='mean' | reader_options={'sep': ';'}"
                        + " | firesteel.session(conf={'spark.jars.packages': 'a:b:1', 'spark.sql.x': 'y=z'}) before the first"
                        + " training | firesteel.session(conf={'spark.driver.memory': '8g'}) before the first training",
                SettingNames.KEYWORDS.render(text));
        assertEquals(
                "missing=mean | option=sep=; | spark.jars.packages=a:b:1 spark.sql.x=y=z | spark.driver.memory=8g",
                SettingNames.PROPERTIES.render(text));
    }

    @Test
    void render_hintOnSettingThatSurfaceLacks() {
        UserError error = new UserError("x is there", mention("overwrite") + " replaces it", null);
        assertEquals("x is there (--overwrite replaces it)", error.render(SettingNames.OPTIONS));
        assertEquals("x is there", error.render(SettingNames.KEYWORDS));
    }
}
