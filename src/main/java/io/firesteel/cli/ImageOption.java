package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.model.Encoding;
import io.firesteel.report.ImageSize;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that says that a model's features are the pixels of images. */
final class ImageOption {
    @Option(
            names = "--image",
            paramLabel = "WxH",
            description =
                    "The features are pixels of images of this size, such as 28x28, row by row: the report shows the weights "
                            + "of the first layer as images.")
    private String size;

    /** Returns the size as it was given; null for none. */
    String given() {
        return size;
    }

    /**
     * Returns the size of the images; null for none.
     *
     * @throws UserError when it is no size
     */
    ImageSize size() {
        try {
            return size == null ? null : ImageSize.parse(size);
        } catch (IllegalArgumentException e) {
            throw new UserError("--image " + size + ": expected WIDTHxHEIGHT, such as 28x28", e);
        }
    }

    /** Makes sure that these features can be the pixels. */
    void expectFits(List<String> features, Encoding encoding) {
        ImageSize image = size();
        if (image != null && image.pixels() != features.size()) {
            throw new UserError("--image " + size + ": expected as many pixels as there are feature columns, "
                    + features.size() + ", but these are " + image.pixels());
        }
        if (image != null && !encoding.categories().isEmpty()) {
            throw new UserError("--image " + size + ": expected features that are numbers, but column "
                    + encoding.categories().keySet().iterator().next() + " has categories");
        }
    }
}
