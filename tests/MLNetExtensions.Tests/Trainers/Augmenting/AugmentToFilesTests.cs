using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.Augmenting;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Trainers.Augmenting;

public sealed class AugmentToFilesTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ColorImages _images = new(7);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(ImageChannelOrder.Gray)]
    [InlineData(ImageChannelOrder.Rgba)]
    public void Files_of_other_channels_are_written_as_they_are_augmented(ImageChannelOrder channels)
    {
        using var images = new ChannelImages(8);
        IDataView written = _ml.Vision()
            .AugmentToFiles(
                images.Paths(_ml),
                Augment.None(),
                Path.Combine(_folder.Path, "out"),
                new()
                {
                    ImageColumnName = "Image",
                    Channels = channels,
                    JpegQuality = null,
                }
            );
        string[] paths = [.. written.GetColumn<string>("ImagePath")];
        for (int i = 0; i < paths.Length; i++)
        {
            using SKBitmap before = SKBitmap.Decode(images.Rows[i].Image),
                after = SKBitmap.Decode(paths[i]);
            Assert.Equal(channels == ImageChannelOrder.Gray, after.ColorType == SKColorType.Gray8);
            for (int y = 0; y < before.Height; y++)
            for (int x = 0; x < before.Width; x++)
            {
                (SKColor old, SKColor made) = (before.GetPixel(x, y), after.GetPixel(x, y));
                if (channels == ImageChannelOrder.Rgba)
                    Assert.Equal(old, made);
                else if (old.Alpha == 255)
                    Assert.Equal(((19595 * old.Red) + (38470 * old.Green) + (7471 * old.Blue) + 32768) >> 16, made.Red);
            }
        }
    }

    [Fact]
    public void Jpeg_has_no_alpha() =>
        Assert.Contains(
            "JPEG has no alpha",
            Assert
                .Throws<ArgumentOutOfRangeException>(() =>
                    _ml.Vision()
                        .AugmentToFiles(
                            _images.Paths(_ml),
                            Augment.None(),
                            Path.Combine(_folder.Path, "out"),
                            new() { ImageColumnName = "Image", Channels = ImageChannelOrder.Rgba }
                        )
                )
                .Message
        );

    [Theory]
    [InlineData(ImageChannelOrder.Gray)]
    [InlineData(ImageChannelOrder.Rgba)]
    public void A_preview_shows_other_channels(ImageChannelOrder channels)
    {
        string file = Path.Combine(_folder.Path, "preview.png");
        _ml.Vision()
            .PreviewAugmentation(
                _images.Paths(_ml),
                Augment.Strong(),
                file,
                new()
                {
                    ImageColumnName = "Image",
                    Channels = channels,
                    Images = 2,
                    Draws = 2,
                    TileSize = 16,
                }
            );
        using SKBitmap preview = SKBitmap.Decode(file);
        Assert.Equal((56, 36), (preview.Width, preview.Height));
        if (channels == ImageChannelOrder.Gray)
            Assert.All(preview.Pixels, p => Assert.Equal((p.Red, p.Red), (p.Green, p.Blue)));
    }

    [Theory]
    [InlineData("paths")]
    [InlineData("bytes")]
    [InlineData("images")]
    public void Copies_lie_in_a_folder_for_each_label(string kind)
    {
        IDataView view = kind switch
        {
            "paths" => _images.Paths(_ml),
            "bytes" => _images.Bytes(_ml),
            _ => _images.Images(_ml),
        };
        IDataView written = Write(view, "out", new() { Copies = 2, JpegQuality = null });
        string[] paths = [.. written.GetColumn<string>("ImagePath")],
            labels = [.. written.GetColumn<string>("Label")];
        Assert.Equal(14, paths.Length);
        Assert.Equal(paths.Order(), Directory.EnumerateFiles(Path.Combine(_folder.Path, "out"), "*", SearchOption.AllDirectories).Order());
        for (int i = 0; i < paths.Length; i++)
        {
            Assert.Equal(_images.Rows[i / 2].Label, labels[i]);
            Assert.Equal(labels[i], Path.GetFileName(Path.GetDirectoryName(paths[i])));
            using SKBitmap bitmap = SKBitmap.Decode(paths[i]);
            Assert.Equal((31, 23), (bitmap.Width, bitmap.Height));
        }
        Assert.Equal(14, paths.Select(path => Convert.ToHexString(File.ReadAllBytes(path))).Distinct().Count());
    }

    [Fact]
    public void One_and_four_threads_write_the_same_bytes_and_seeds_differ()
    {
        string[] Files(int threads, int seed, string folder) =>
            [
                .. Write(
                        _images.Paths(_ml),
                        folder,
                        new()
                        {
                            Threads = threads,
                            Seed = seed,
                            Width = 20,
                            Height = 16,
                        }
                    )
                    .GetColumn<string>("ImagePath")
                    .Select(path => Convert.ToHexString(File.ReadAllBytes(path))),
            ];
        string[] one = Files(1, 5, "one");
        Assert.Equal(one, Files(4, 5, "four"));
        Assert.NotEqual(one, Files(1, 6, "other"));
    }

    [Fact]
    public void An_unchanged_copy_has_the_images_pixels()
    {
        IDataView written = _ml.Vision()
            .AugmentToFiles(
                _images.Paths(_ml),
                Augment.None(),
                Path.Combine(_folder.Path, "same"),
                new() { ImageColumnName = "Image", JpegQuality = null }
            );
        string[] paths = [.. written.GetColumn<string>("ImagePath")];
        for (int i = 0; i < paths.Length; i++)
        {
            using SKBitmap copy = SKBitmap.Decode(paths[i]),
                source = SKBitmap.Decode(_images.Rows[i].Image);
            Assert.Equal(source.Pixels, copy.Pixels);
        }
    }

    [Fact]
    public void Folders_with_files_are_not_touched_unless_asked()
    {
        string file = _folder.Add("full/a.txt", "a"u8);
        string folder = Path.GetDirectoryName(file)!;
        Assert.Contains("not empty", Assert.Throws<IOException>(() => Write(_images.Paths(_ml), folder, new())).Message);
        Assert.Equal([file], Directory.GetFileSystemEntries(folder));
        Write(_images.Paths(_ml), folder, new() { Overwrite = true });
        Assert.True(File.Exists(file));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../elsewhere")]
    [InlineData("a/b")]
    [InlineData("/tmp")]
    public void Labels_cannot_lead_out_of_the_folder(string label)
    {
        IDataView view = _ml.Data.LoadFromEnumerable([new { ImagePath = _images.Rows[0].Image, Label = label }]);
        Assert.Contains(
            label,
            Assert.Throws<IOException>(() => _ml.Vision().AugmentToFiles(view, Augment.None(), Path.Combine(_folder.Path, "out"))).Message
        );
    }

    [Fact]
    public void Invalid_images_columns_and_settings_are_named()
    {
        string bad = _folder.Add("bad.jpg", "no image"u8);
        IDataView view = _ml.Data.LoadFromEnumerable([
            new { ImagePath = _images.Rows[0].Image, Number = 1f },
            new { ImagePath = bad, Number = 2f },
        ]);
        InvalidImageException error = Assert.Throws<InvalidImageException>(() =>
            _ml.Vision().AugmentToFiles(view, Augment.None(), Path.Combine(_folder.Path, "out"))
        );
        Assert.Equal((1L, bad), (error.Row, error.Path));
        Assert.Contains("'Image'", Assert.Throws<ArgumentOutOfRangeException>(() => Write(view, "x", new())).Message);
        Assert.Contains("got Single", Assert.Throws<ArgumentOutOfRangeException>(() => Write(view, "x", new(), "Number")).Message);
        Assert.Throws<ArgumentOutOfRangeException>("Copies", () => Write(view, "x", new() { Copies = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>("JpegQuality", () => Write(view, "x", new() { JpegQuality = 101 }));
    }

    [Theory]
    [InlineData("paths")]
    [InlineData("bytes")]
    [InlineData("images")]
    public void Invalid_images_are_left_out_listed_and_logged_up_to_the_limit(string kind)
    {
        File.WriteAllText(_images.Rows[2].Image, "no image");
        if (kind != "bytes")
            File.Delete(_images.Rows[5].Image);
        else
            File.WriteAllBytes(_images.Rows[5].Image, []);
        IDataView view = kind switch
        {
            "paths" => _images.Paths(_ml),
            "bytes" => _images.Bytes(_ml),
            _ => _images.Images(_ml),
        };
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add($"{e.Kind} {e.Message}");
        string folder = Path.Combine(_folder.Path, "out");
        var options = new AugmentToFilesOptions
        {
            ImageColumnName = "Image",
            MaxInvalidImages = 2,
            Copies = 2,
            Threads = 2,
        };

        IDataView written = _ml.Vision()
            .AugmentToFiles(view, Augment.Standard(), folder, options, out IReadOnlyList<InvalidImage> invalidImages);

        Assert.Equal([2L, 5L], invalidImages.Select(bad => bad.Row));
        Assert.Equal(10, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count());
        Assert.Equal(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(),
            written.GetColumn<string>("ImagePath").Order()
        );
        Assert.Equal(
            2,
            log.Count(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("Left out", StringComparison.Ordinal))
        );

        (options.MaxInvalidImages, options.Overwrite) = (1, true);
        InvalidImageException error = Assert.Throws<InvalidImageException>(() =>
            _ml.Vision().AugmentToFiles(view, Augment.Standard(), folder, options)
        );
        Assert.Equal([2L, 5L], error.InvalidImages.Select(bad => bad.Row));
        Assert.Contains("MaxInvalidImages = 1", error.Message);
        options.MaxInvalidImages = 0;
        Assert.Equal(
            2,
            Assert.Throws<InvalidImageException>(() => _ml.Vision().AugmentToFiles(view, Augment.Standard(), folder, options)).Row
        );
    }

    [Fact]
    public void One_message_lists_all_settings_that_are_out_of_range()
    {
        string message = Assert
            .Throws<ArgumentOutOfRangeException>(() =>
                Write(
                    _images.Paths(_ml),
                    "x",
                    new()
                    {
                        Copies = 0,
                        Width = 0,
                        Height = -1,
                        JpegQuality = 0,
                        MaxInvalidImages = -1,
                        Threads = 0,
                    }
                )
            )
            .Message;
        Assert.All(
            (string[])["Copies must be at least 1, not 0", "Width", "Height", "JpegQuality", "MaxInvalidImages", "Threads"],
            name => Assert.Contains(name, message)
        );
    }

    [Fact]
    public void A_full_disk_leaves_no_half_written_file()
    {
        using SmallDisk disk = SmallDisk.Require(megabytes: 1);
        var options = new AugmentToFilesOptions
        {
            ImageColumnName = "Image",
            Width = 300,
            Height = 300,
            JpegQuality = null,
            Copies = 20,
        };
        Assert.Contains(
            "cannot be written: No space left on device",
            Assert
                .Throws<IOException>(() =>
                    _ml.Vision().AugmentToFiles(_images.Paths(_ml), Augment.Strong(), Path.Combine(disk.Folder, "out"), options)
                )
                .Message
        );
        string[] files = Directory.GetFiles(disk.Folder, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(
            files,
            file =>
            {
                using SKBitmap? bitmap = SKBitmap.Decode(file);
                Assert.NotNull(bitmap);
            }
        );
    }

    [Fact]
    public void Defaults_are_as_documented()
    {
        var options = new AugmentToFilesOptions();
        Assert.Equal(
            ("ImagePath", "Label", 1, 95, 0, false),
            (options.ImageColumnName, options.LabelColumnName, options.Copies, options.JpegQuality, options.Seed, options.Overwrite)
        );
        Assert.Equal(0, options.MaxInvalidImages);
        Assert.Null(options.Width ?? options.Height ?? options.Threads);
        var preview = new AugmentPreviewOptions();
        Assert.Equal(("ImagePath", 4, 6, 160, 0), (preview.ImageColumnName, preview.Images, preview.Draws, preview.TileSize, preview.Seed));
    }

    [Fact]
    public void The_preview_has_a_row_for_each_image()
    {
        string file = Path.Combine(_folder.Path, "grid.png");
        _ml.Vision()
            .PreviewAugmentation(
                _images.Paths(_ml),
                Augment.Compose(new Invert()),
                file,
                new()
                {
                    ImageColumnName = "Image",
                    Images = 3,
                    Draws = 2,
                    TileSize = 20,
                }
            );
        using SKBitmap grid = SKBitmap.Decode(file);
        Assert.Equal(((3 * 24) - 4, (3 * 24) - 4), (grid.Width, grid.Height));
        for (int row = 0; row < 3; row++)
        {
            SKColor original = grid.GetPixel(10, (24 * row) + 10),
                drawn = grid.GetPixel(34, (24 * row) + 10);
            Assert.Equal((255, 255, 255), (original.Red + drawn.Red, original.Green + drawn.Green, original.Blue + drawn.Blue));
            Assert.Equal(drawn, grid.GetPixel(58, (24 * row) + 10));
        }
        Assert.Equal(SKColors.White, grid.GetPixel(22, 10));
    }

    private IDataView Write(IDataView view, string folder, AugmentToFilesOptions options, string column = "Image")
    {
        options.ImageColumnName = column;
        return _ml.Vision().AugmentToFiles(view, Augment.Strong(), Path.Combine(_folder.Path, folder), options);
    }
}
