using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Samples;

public sealed class AugmentImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Draws_an_image_and_augments_it()
    {
        string image = _folder.Add("image.png", new RasterImage(8, 6, 3, new byte[8 * 6 * 3]).Encode(ImageFileFormat.Png));
        string output = await SampleProgram.Run("AugmentImages", expectedExit: 0, image, _folder.Path);
        Assert.Contains("8 x 6 pixels", output, StringComparison.Ordinal);
        Assert.Contains("float[1,3,96,96]", output, StringComparison.Ordinal);
        RasterImage sheet = RasterImage.Load(Path.Combine(_folder.Path, "sheet.png"));
        Assert.Equal((6 * 12 + 4, 4 * 10 + 4), (sheet.Width, sheet.Height));
        Assert.Equal(
            (8, 6),
            (
                RasterImage.Load(Path.Combine(_folder.Path, "strong.jpg")).Width,
                RasterImage.Load(Path.Combine(_folder.Path, "strong.jpg")).Height
            )
        );
    }

    [Fact]
    public async Task Says_what_is_wrong()
    {
        string missing = Path.Combine(_folder.Path, "nothing.jpg");
        string output = await SampleProgram.Run("AugmentImages", expectedExit: 1, missing, _folder.Path);
        Assert.Contains(missing, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
