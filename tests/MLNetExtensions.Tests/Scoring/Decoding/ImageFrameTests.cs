using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Scoring.Decoding;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Decoding;

/// <summary>Boxes in a network's pixels are boxes of the original image again.</summary>
public sealed class ImageFrameTests
{
    [Theory]
    // An image of 200 x 100 for a network of 50 x 50: stretched by a quarter and a half.
    [InlineData(ImageResizeMode.Stretch, 10, 10, 20, 40, 40, 20, 80, 80)]
    // Shrunk to 50 x 25, between bars of 12.5.
    [InlineData(ImageResizeMode.Pad, 10, 20, 20, 30, 40, 30, 80, 70)]
    // Shrunk to 100 x 50, of which the middle is seen.
    [InlineData(ImageResizeMode.CropCenter, 10, 10, 20, 40, 70, 20, 90, 80)]
    // Beyond the image's edge.
    [InlineData(ImageResizeMode.Pad, -10, 0, 90, 60, 0, 0, 200, 100)]
    public void Resizing_is_undone(
        ImageResizeMode mode,
        float left,
        float top,
        float right,
        float bottom,
        float l,
        float t,
        float r,
        float b
    )
    {
        ImageFrame frame = ImageFrame.Of(
            new ImagePreprocessing
            {
                Width = 50,
                Height = 50,
                CropFraction = 1,
                ResizeMode = mode,
            }
        );

        Detection found = frame.InImage(Box(left, top, right, bottom), new ImageSize(200, 100));

        Assert.Equal((l, t, r, b), (found.Left, found.Top, found.Right, found.Bottom));
    }

    [Fact]
    public void A_crop_is_undone_too()
    {
        ImageFrame frame = ImageFrame.Of(
            new ImagePreprocessing
            {
                Width = 50,
                Height = 50,
                CropFraction = 0.5f,
            }
        );

        Detection found = frame.InImage(Box(0, 10, 50, 40), new ImageSize(200, 100));

        // The canvas is the middle 100 x 100 of the image, and the network sees the middle of that.
        Assert.Equal((75f, 35f, 125f, 65f), (found.Left, found.Top, found.Right, found.Bottom));
    }

    [Fact]
    public void Without_the_images_size_a_box_stays()
    {
        Detection box = Box(1, 2, 3, 4);
        Assert.Equal(box, ImageFrame.Of(new ImagePreprocessing { Width = 50, Height = 50 }).InImage(box, default));
    }

    private static Detection Box(float left, float top, float right, float bottom) => new(0, 1, left, top, right, bottom);
}
