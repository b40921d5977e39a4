package dev.gatlingllm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.prompt.SyntheticImages.Image;
import dev.gatlingllm.prompt.SyntheticImages.Size;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticImagesTest {

  private static final SyntheticImages IMAGES = new SyntheticImages(new Size(61, 30), 42);

  private static BufferedImage decoded(Image image) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(Png.of(image)));
  }

  @Test
  void imagesHaveTheirSizeAndShareMostOfTheirBytes() throws IOException {
    Image one = IMAGES.image(1, 2);
    Image other = IMAGES.image(2, 1);

    assertThat(decoded(one).getWidth()).isEqualTo(61);
    assertThat(decoded(one).getHeight()).isEqualTo(30);
    assertThat(one.rest()).isSameAs(other.rest());
    assertThat(one.start().remaining()).isEqualTo(1_084);
  }

  @Test
  void everyPixelDependsOnThePath() throws IOException {
    BufferedImage one = decoded(IMAGES.image(1));
    BufferedImage same = decoded(new SyntheticImages(new Size(61, 30), 42).image(1));
    BufferedImage other = decoded(IMAGES.image(2));
    int different = 0;
    for (int y = 0; y < one.getHeight(); y++) {
      for (int x = 0; x < one.getWidth(); x++) {
        assertThat(same.getRGB(x, y)).isEqualTo(one.getRGB(x, y));
        different += other.getRGB(x, y) == one.getRGB(x, y) ? 0 : 1;
      }
    }

    assertThat(different).isGreaterThan(61 * 30 * 9 / 10);
    assertThat(IMAGES.image(1).hash()).isNotEqualTo(IMAGES.image(2).hash());
  }

  @Test
  void aPixelTakesAboutABit() {
    byte[] png = Png.of(new SyntheticImages(new Size(512, 512), 1).image(1));

    assertThat(8.0 * png.length / (512 * 512)).isBetween(0.5, 1.5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "512", "512x", "0x1", "1x9000", "1x-1", "512 x 512"})
  void rejectsInvalidSizes(String size) {
    assertThatThrownBy(() -> Size.parse(size)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Size.parse("640x480")).hasToString("640x480");
  }
}
