using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Boxes;

public class LetterboxTests
{
    [Theory]
    [InlineData(400, 200)]
    [InlineData(200, 400)]
    [InlineData(97, 73)]
    [InlineData(1280, 723)]
    [InlineData(64, 64)]
    public void It_is_where_the_decoder_draws_the_image(int width, int height)
    {
        byte[] white = new byte[3 * width * height];
        Array.Fill(white, (byte)255);
        byte[] file = new RasterImage(width, height, 3, white).Encode(ImageFileFormat.Png);
        var preprocessing = new ImagePreprocessing
        {
            Width = 64,
            Height = 64,
            ResizeMode = ImageResizeMode.Pad,
        };
        RasterImage canvas = RasterImage.Decode(file, preprocessing);
        var place = Letterbox.Of(width, height, 64, 64);
        for (int y = 0; y < 64; y++)
        for (int x = 0; x < 64; x++)
        {
            bool isInside = x >= place.Left && x < place.Left + place.Width && y >= place.Top && y < place.Top + place.Height;
            Assert.Equal(isInside ? 255 : 0, canvas.Planes[(y * 64) + x]);
        }
    }

    [Fact]
    public void Boxes_come_back_from_the_canvas()
    {
        var place = Letterbox.Of(1280, 723, 640, 640);
        var box = new ImageBox(100, 50, 1279, 700, Class: 3);
        ImageBox back = place.Restore(place.Place(box));
        Assert.Equal(3, back.Class);
        Assert.Equal(box.Left, back.Left, 1e-3f);
        Assert.Equal(box.Top, back.Top, 1e-3f);
        Assert.Equal(box.Right, back.Right, 1e-3f);
        Assert.Equal(box.Bottom, back.Bottom, 1e-3f);
    }

    [Fact]
    public void A_box_of_the_whole_canvas_is_the_whole_image() =>
        Assert.Equal(new ImageBox(0, 0, 1280, 723), Letterbox.Of(1280, 723, 640, 640).Restore(new ImageBox(0, 0, 640, 640)));
}
