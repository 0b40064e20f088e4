using System.Runtime.Versioning;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Imaging.Tests.Decoding;

public sealed class DecodedImageCacheTests : IDisposable
{
    private static readonly ImagePreprocessing Preprocessing = new()
    {
        Width = 24,
        Height = 20,
        CropFraction = 1,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly byte[][] _images =
    [
        .. Enumerable.Range(0, 6).Select(i => TestImages.Encode(TestImages.Pattern(40 + i, 33), SKEncodedImageFormat.Jpeg)),
    ];

    public void Dispose() => _folder.Dispose();

    private string CacheFile => Directory.GetFiles(Path.Combine(_folder.Path, "cache")).Single();

    [Fact]
    public void A_later_run_finds_what_an_earlier_one_decoded()
    {
        byte[][] first = Run(out long hits);
        Assert.Equal(0, hits);
        byte[][] second = Run(out hits);
        Assert.Equal(6, hits);
        Assert.Equal(first, second);
        Assert.Equal(first, Run(out hits, Preprocessing, isCached: false));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void The_file_and_its_folder_are_their_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such rights.");

        Run(out _);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(CacheFile));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(CacheFile)!)
        );
    }

    [Fact]
    public void An_image_that_changes_under_its_name_is_decoded_anew()
    {
        string path = _folder.Add("a.jpg", _images[0]);
        byte[] before = DecodeFile(path);
        File.WriteAllBytes(path, _images[1]);
        byte[] after = DecodeFile(path);
        Assert.NotEqual(before, after);
        Assert.Equal(Run(out _, Preprocessing, isCached: false)[1], after);

        byte[] DecodeFile(string file)
        {
            using DecodedImageCache cache = Open()!;
            using var decoder = new ImageDecoder(Preprocessing, cache: cache);
            byte[] canvas = new byte[decoder.CanvasBytes];
            decoder.DecodeFile(file, canvas);
            return canvas;
        }
    }

    [Theory]
    [InlineData(32, 20, ImageResizeMode.CropCenter)]
    [InlineData(24, 20, ImageResizeMode.Pad)]
    public void Other_settings_have_a_file_of_their_own(int width, int height, ImageResizeMode mode)
    {
        Run(out _);
        ImagePreprocessing other = Preprocessing with { Width = width, Height = height, ResizeMode = mode };
        byte[][] expected = Run(out _, other, isCached: false);
        Assert.Equal(expected, Run(out long hits, other));
        Assert.Equal(0, hits);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder.Path, "cache")).Length);
    }

    // Every byte region of the file: header, key, checksum, canvas of the first and of the last record.
    [Fact]
    public void Flipped_bits_are_found_and_the_image_is_decoded_again()
    {
        byte[][] expected = Run(out _);
        byte[] intact = File.ReadAllBytes(CacheFile);
        int record = (intact.Length - 4096) / 6;
        Assert.Equal(40 + (3 * 24 * 20), record);
        foreach (
            int position in (int[])[3, 60, 4096, 4096 + 31, 4096 + 33, 4096 + 40, 4096 + 40 + 700, 4096 + record - 1, intact.Length - 1]
        )
        {
            byte[] damaged = [.. intact];
            damaged[position] ^= 0x10;
            File.WriteAllBytes(CacheFile, damaged);
            Assert.Equal(expected, Run(out long hits));
            Assert.Equal(position < 4096 ? 0 : 5, hits);
            Assert.Equal(expected, Run(out hits));
            Assert.Equal(6, hits);
        }
    }

    [Fact]
    public void A_file_that_was_cut_short_anywhere_is_completed()
    {
        byte[][] expected = Run(out _);
        byte[] intact = File.ReadAllBytes(CacheFile);
        int record = (intact.Length - 4096) / 6;
        foreach (int length in (int[])[0, 1, 4095, 4096, 4097, 4096 + record, 4096 + record + 20, intact.Length - 1])
        {
            File.WriteAllBytes(CacheFile, intact.AsSpan(0, length));
            Assert.Equal(expected, Run(out long hits));
            Assert.Equal(Math.Max(0, (length - 4096) / record), hits);
            Assert.Equal(expected, Run(out hits));
            Assert.Equal(6, hits);
        }
    }

    [Fact]
    public void A_file_that_is_no_cache_is_made_anew()
    {
        Run(out _);
        File.WriteAllBytes(CacheFile, new byte[10_000]);
        byte[][] decoded = Run(out long hits);
        Assert.Equal(0, hits);
        Assert.Equal(decoded, Run(out hits));
        Assert.Equal(6, hits);
    }

    [Fact]
    public void A_second_process_goes_without()
    {
        using DecodedImageCache first = Open()!;
        Assert.Null(Open());
    }

    [Fact]
    public void The_size_is_limited()
    {
        using DecodedImageCache cache = DecodedImageCache.Open(
            Path.Combine(_folder.Path, "cache"),
            Preprocessing,
            maxBytes: 4096 + (2 * (40 + (3 * 24 * 20))) + 5
        )!;
        using var decoder = new ImageDecoder(Preprocessing, cache: cache);
        byte[] canvas = new byte[decoder.CanvasBytes];
        foreach (byte[] image in _images)
            decoder.DecodeBytes(image, canvas);
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void A_full_disk_stops_the_writing_and_nothing_else()
    {
        using SmallDisk disk = SmallDisk.Require(megabytes: 1);
        ImagePreprocessing large = new()
        {
            Width = 300,
            Height = 300,
            CropFraction = 1,
        };
        using DecodedImageCache cache = DecodedImageCache.Open(disk.Folder, large)!;
        using var decoder = new ImageDecoder(large, cache: cache);
        byte[] canvas = new byte[decoder.CanvasBytes];
        foreach (byte[] image in _images)
            decoder.DecodeBytes(image, canvas);
        Assert.NotNull(cache.WriteError);
        Assert.InRange(cache.Count, 1, 4);
        decoder.DecodeBytes(_images[0], canvas);
        Assert.Equal(1, cache.Hits);
    }

    [Fact]
    public void Threads_share_it()
    {
        using DecodedImageCache cache = Open()!;
        using var decoder = new ImageDecoder(Preprocessing, cache: cache);
        byte[][] expected = Run(out _, Preprocessing, isCached: false);
        Parallel.For(
            0,
            200,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            i =>
            {
                byte[] canvas = new byte[decoder.CanvasBytes];
                decoder.DecodeBytes(_images[i % 6], canvas);
                Assert.Equal(expected[i % 6], canvas);
            }
        );
        Assert.Equal(6, cache.Count);
    }

    private DecodedImageCache? Open() => DecodedImageCache.Open(Path.Combine(_folder.Path, "cache"), Preprocessing);

    private byte[][] Run(out long hits) => Run(out hits, Preprocessing);

    private byte[][] Run(out long hits, ImagePreprocessing preprocessing, bool isCached = true)
    {
        using DecodedImageCache? cache = isCached ? DecodedImageCache.Open(Path.Combine(_folder.Path, "cache"), preprocessing) : null;
        using var decoder = new ImageDecoder(preprocessing, cache: cache);
        byte[][] canvases =
        [
            .. _images.Select(image =>
            {
                byte[] canvas = new byte[decoder.CanvasBytes];
                decoder.DecodeBytes(image, canvas);
                return canvas;
            }),
        ];
        hits = cache?.Hits ?? 0;
        return canvases;
    }
}
