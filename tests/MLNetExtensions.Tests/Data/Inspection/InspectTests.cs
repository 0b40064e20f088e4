using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Inspection;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data.Inspection;

public sealed class InspectTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_without_its_end_marker_is_warned_of()
    {
        byte[] file = TestImages.Encode(TestImages.Pattern(64, 40), SKEncodedImageFormat.Jpeg);
        _folder.Add("a/whole.jpg", file);
        _folder.Add("a/unended.jpg", file[..^2]);
        var ml = new MLContext(seed: 1);

        DataInspection found = ml.Vision().Inspect(ml.Data.LoadFromImageFolder(_folder.Path));

        Assert.Equal("unended.jpg", Path.GetFileName(Assert.Single(found.Unended).Path));
        Assert.Empty(found.UnreadableImages);
        Assert.Contains("1 JPEG files lack the marker of their end", found.ToString());
    }

    [Fact]
    public void Counts_sizes_formats_and_modes_are_those_of_the_files()
    {
        _folder.Add("cat/a.png", Encoded(20, 30, SKEncodedImageFormat.Png));
        _folder.Add("cat/b.jpg", Encoded(40, 10, SKEncodedImageFormat.Jpeg));
        _folder.Add("dog/c.jpg", Encoded(60, 50, SKEncodedImageFormat.Png));
        _folder.Add("dog/d.png", TestImages.Encode(TestImages.Pattern(21, 31, hasAlpha: true), SKEncodedImageFormat.Png));
        _folder.Add("dog/e.png", TestImages.Encode(TestImages.Gray(22, 32), SKEncodedImageFormat.Png));
        DataInspection found = _ml.Vision().Inspect(_ml.Data.LoadFromImageFolder(_folder.Path));
        Assert.Equal((5, "data"), (found.Count, Assert.Single(found.Parts)));
        Assert.Equal([("cat", 2), ("dog", 3)], found.Classes.Select(c => (c.Label, c.Count)));
        Assert.Equal((new SizeRange(20, 22, 60), new SizeRange(10, 31, 50)), (found.Width, found.Height));
        Assert.Equal([("Jpeg", 1), ("Png", 4)], found.Formats.Select(format => (format.Key, format.Value)).Order());
        Assert.Equal([("Gray", 1), ("RGB", 3), ("RGBA", 1)], found.Modes.Select(mode => (mode.Key, mode.Value)).Order());
        Assert.Equal(["c.jpg"], found.WrongExtensions.Select(image => Path.GetFileName(image.Path)));
        Assert.Empty(found.UnreadableImages);
        string text = found.ToString();
        Assert.StartsWith(
            "5 images of 2 classes\n\nclass    images     share\ncat           2    40.0 %\ndog           3    60.0 %\n\nSize:     20 x "
                + "10 to 60 x 50, median 22 x 31\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Warnings: 2\n  1 files are of another format than their extension says.\n  2 classes have fewer than 10 images: cat 2, dog "
                + "3.\n",
            text
        );
    }

    [Fact]
    public void Mean_and_deviation_are_those_of_the_pixels_each_image_alike()
    {
        // Red of 0 and 255 in halves, green 51, blue 102; then a larger image of one color.
        using var halves = new SKBitmap(new SKImageInfo(4, 2, SKColorType.Bgra8888, SKAlphaType.Opaque));
        for (int i = 0; i < 8; i++)
            halves.SetPixel(i % 4, i / 4, new SKColor((byte)(i % 2 * 255), 51, 102));
        using var plain = new SKBitmap(new SKImageInfo(100, 100, SKColorType.Bgra8888, SKAlphaType.Opaque));
        plain.Erase(new SKColor(255, 153, 102));
        DataInspection found = _ml.Vision().Inspect(_ml.Data.LoadFromEncodedImages([new(Png(halves)), new(Png(plain))]));
        Check([(0.5 + 1) / 2, 0.4, 0.4], found.Mean);
        Check([Math.Sqrt(0.75 - (0.75 * 0.75)), Math.Sqrt(((0.04 + 0.36) / 2) - 0.16), 0], found.StandardDeviation);
        Assert.Equal([1], found.Uniform.Select(image => image.Row));
        Assert.Empty(found.Classes);

        static void Check(double[] expected, IReadOnlyList<float> actual) =>
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Copies_are_found_whatever_was_done_to_them_and_other_photos_are_not()
    {
        string[] photos = [.. Enumerable.Range(0, 40).Select(i => $"photo {i:00}")];
        List<EncodedImage> images =
        [
            .. photos.Select((name, i) => new EncodedImage(DrawnPhoto.Encode(i, 200 + (i * 7 % 100), 150 + (i * 11 % 90)), "drawn", name)),
        ];
        for (int i = 0; i < 8; i++)
        {
            using SKBitmap photo = SKBitmap.Decode(images[i].Bytes);
            using SKBitmap half = photo.Resize(new SKImageInfo(photo.Width / 2, photo.Height / 2), SKFilterQuality.High);
            using SKData data = (i % 2 == 0 ? half : photo).Encode(SKEncodedImageFormat.Jpeg, i % 2 == 0 ? 90 : 40);
            images.Add(new(data.ToArray(), "drawn", $"copy of {photos[i]}"));
        }
        images.Add(new(images[20].Bytes, "drawn", $"copy of {photos[20]}"));
        DataInspection found = _ml.Vision().Inspect(_ml.Data.LoadFromEncodedImages(images));
        Assert.Equal([.. photos.Take(8), photos[20]], found.Duplicates.Select(group => group.Images[0].Path).Order(StringComparer.Ordinal));
        Assert.All(found.Duplicates, group => Assert.Equal($"copy of {group.Images[0].Path}", group.Images[1].Path));
        Assert.Equal([photos[20]], found.Duplicates.Where(group => group.IsExact).Select(group => group.Images[0].Path));
        Assert.Empty(found.DuplicatesAcrossParts);
        Assert.Empty(_ml.Vision().Inspect(_ml.Data.LoadFromEncodedImages(images), new() { FindDuplicates = false }).Duplicates);
    }

    [Fact]
    public void Images_on_both_sides_of_a_split_and_under_two_labels_are_reported()
    {
        byte[] shared = Encoded(64, 64, SKEncodedImageFormat.Png);
        IDataView train = _ml.Data.LoadFromEncodedImages([
            new(shared, "cat", "t0"),
            new(Encoded(50, 41, SKEncodedImageFormat.Png), "dog", "t1"),
        ]);
        IDataView test = _ml.Data.LoadFromEncodedImages([
            new(Encoded(33, 70, SKEncodedImageFormat.Png), "cat", "v0"),
            new(shared, "Cat ", "v1"),
        ]);
        DataInspection found = _ml.Vision().Inspect([new("train", train), new("test", test)]);
        DuplicateGroup group = Assert.Single(found.Duplicates);
        Assert.Equal([new ImageReference("train", 0, "t0", "cat"), new ImageReference("test", 1, "v1", "Cat ")], group.Images);
        Assert.True(group is { IsExact: true, CrossesParts: true, HasDifferentLabels: true });
        Assert.Single(found.DuplicatesAcrossParts);
        Assert.Single(found.LabelConflicts);
        Assert.Equal([("Cat ", 1), ("cat", 2), ("dog", 1)], found.Classes.Select(c => (c.Label, c.Count)));
        Assert.Equal([1, 1], found.Classes[1].CountOfPart);
        Assert.Contains(
            "1 images stand in several parts: figures of the test set would be too good. Split by a group column that keeps them together.",
            found.Warnings
        );
        Assert.Contains("1 images stand there under different labels: at least one of each is wrong.", found.Warnings);
        Assert.Contains("Labels that differ in case or spaces only: 'Cat ', 'cat'.", found.Warnings);
        Assert.Contains("'test' has no images of 1 classes: dog.", found.Warnings);
        Assert.Contains("  equal, in several parts, with different labels: t0 [train] (cat); v1 [test] (Cat )\n", found.ToString());
        Assert.Throws<ArgumentException>(() => _ml.Vision().Inspect([new("a", train), new("a", test)]));
    }

    [Fact]
    public void Invalid_images_are_listed_not_thrown()
    {
        byte[] good = Encoded(200, 200, SKEncodedImageFormat.Jpeg);
        _folder.Add("cat/a.jpg", good);
        _folder.Add("cat/b.jpg", good.AsSpan(0, good.Length * 3 / 4));
        _folder.Add("cat/c.jpg", []);
        _folder.Add("cat/d.jpg", "<html>"u8);
        IDataView view = _ml.Data.LoadFromImageFolder(_folder.Path);
        _folder.Add("cat/gone.jpg", good);
        IDataView withMissing = _ml.Data.LoadFromImageFolder(_folder.Path);
        File.Delete(Path.Combine(_folder.Path, "cat/gone.jpg"));
        DataInspection found = _ml.Vision().Inspect(withMissing, new() { Threads = 3 });
        Assert.Equal(5, found.Count);
        Assert.Equal([1L, 2, 3, 4], found.UnreadableImages.Select(bad => bad.Image.Row));
        Assert.Equal(
            ["truncated", "empty", "not an image", "does not exist"],
            found.UnreadableImages.Select(bad =>
                new[] { "truncated", "empty", "not an image", "does not exist" }.Single(bad.Reason.Contains)
            )
        );
        Assert.EndsWith("gone.jpg", found.UnreadableImages[3].Image.Path);
        Assert.Contains("There is one class only, 'cat'.", found.Warnings);
        Assert.Equal(3, _ml.Vision().Inspect(view).UnreadableImages.Count);
    }

    [Fact]
    public void Splits_image_columns_and_keys_are_inspected_too()
    {
        for (int i = 0; i < 12; i++)
            _folder.Add($"{"ab"[i % 2]}/{i}.png", Encoded(20 + i, 24, SKEncodedImageFormat.Png));
        IDataView view = _ml.Data.LoadFromImageFolder(_folder.Path);
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        DataInspection split = _ml.Vision()
            .Inspect(_ml.Vision().Split(keyed, new SplitOptions { TestFraction = 0.25, ValidationFraction = 0.25 }));
        Assert.Equal(["train", "validation", "test"], split.Parts);
        Assert.Equal(12, split.Classes.Sum(c => c.CountOfPart.Sum()));
        Assert.Equal(["a", "b"], split.Classes.Select(c => c.Label));
        Assert.Contains("class     train validation      test    images     share\n", split.ToString());

        IDataView images = _ml.Transforms.LoadImages("Image", "", "ImagePath").Fit(view).Transform(view);
        DataInspection loaded = _ml.Vision().Inspect(images);
        Assert.Equal(split.Mean, loaded.Mean);
        Assert.Equal(split.Width, loaded.Width);
        Assert.Empty(loaded.Formats);
    }

    [Fact]
    public void A_turned_photo_is_measured_upright()
    {
        using Npz golden = new(GoldenFiles.PathOf("image_ops.npz"));
        DataInspection found = _ml.Vision()
            .Inspect(
                _ml.Data.LoadFromEncodedImages([.. Enumerable.Range(1, 8).Select(o => new EncodedImage(golden.Bytes($"exif/{o}/jpeg")))])
            );
        int[] upright = golden.Shape("exif/1/upright");
        Assert.Equal(7, found.Turned);
        Assert.Equal(
            (new SizeRange(upright[1], upright[1], upright[1]), new SizeRange(upright[0], upright[0], upright[0])),
            (found.Width, found.Height)
        );
        Assert.Equal(8, Assert.Single(found.Duplicates).Images.Count); // upright, all eight are one photo
    }

    [Fact]
    public void Columns_that_do_not_fit_are_named()
    {
        IDataView numbers = _ml.Transforms.DropColumns("ImagePath").Fit(Numbered(1)).Transform(Numbered(1));
        Assert.Contains(
            "Could not find column 'Image' or 'ImagePath'; the columns are 'Value'",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Inspect(numbers)).Message
        );
        Assert.Contains(
            "'Value': expected text (paths)",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Inspect(numbers, new() { ImageColumnName = "Value" })).Message
        );
        IDataView view = _ml.Data.LoadFromEncodedImages([new(Encoded(8, 8, SKEncodedImageFormat.Png))]);
        Assert.Contains(
            "Could not find column 'Kind'",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Inspect(view, new() { LabelColumnName = "Kind" })).Message
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Vision().Inspect(view, new() { Threads = 0 }));
        Assert.Throws<OperationCanceledException>(() => _ml.Vision().Inspect(view, new() { Cancellation = new CancellationToken(true) }));
        Assert.Throws<ArgumentException>(() =>
            _ml.Vision().Inspect(_ml.Data.FilterRowsByMissingValues(Numbered(float.NaN), "Value"), new() { ImageColumnName = "ImagePath" })
        );
        var options = new InspectOptions();
        Assert.Equal(
            (null, null, null, true, Environment.ProcessorCount),
            (options.ImageColumnName, options.LabelColumnName, options.ImageFolder, options.FindDuplicates, options.Threads)
        );
    }

    private IDataView Numbered(float value) => _ml.Data.LoadFromEnumerable([new Numbers { Value = value }]);

    private static byte[] Encoded(int width, int height, SKEncodedImageFormat format) =>
        TestImages.Encode(TestImages.Pattern(width, height), format);

    private static byte[] Png(SKBitmap bitmap)
    {
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private sealed class Numbers
    {
        public float Value { get; set; }

        public string ImagePath { get; set; } = "";
    }
}
