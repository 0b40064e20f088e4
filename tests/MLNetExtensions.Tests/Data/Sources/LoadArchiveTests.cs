using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.TestData;
using SkiaSharp;
using Xunit;

namespace MLNetExtensions.Tests.Data.Sources;

public sealed class LoadArchiveTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public void Images_come_out_as_they_went_in(string kind)
    {
        byte[] cat = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * i))],
            dog = [1, 2, 3],
            old = [4];
        string path = Write(
            kind,
            ("set/dog/b.jpg", dog),
            ("set/cat/old/c.PNG", old),
            ("set/cat/a.jpg", cat),
            ("set/readme.txt", [9]),
            ("__MACOSX/set/cat/._a.jpg", [9]),
            ("set/.thumbs/a.jpg", [9]),
            ("set/cat/notes.md", [9])
        );
        IDataView view = _ml.Data.LoadFromImageArchive(path);
        bool isSequential = kind == "tar.gz";
        Assert.Equal(!isSequential, view.CanShuffle);
        Assert.Equal(3, view.GetRowCount());
        (string, string, byte[])[] expected =
        [
            ("set/cat/a.jpg", "cat", cat),
            ("set/cat/old/c.PNG", "cat", old),
            ("set/dog/b.jpg", "dog", dog),
        ];
        if (isSequential)
            expected = [expected[2], expected[1], expected[0]]; // the archive's own order
        Assert.Equal(expected.Select(row => row.Item1), SourceRows.Texts(view, "ImagePath"));
        Assert.Equal(expected.Select(row => row.Item2), SourceRows.Texts(view, "Label"));
        Assert.Equal(expected.Select(row => row.Item3), SourceRows.Images(view));
        Assert.Equal(expected.Select(row => row.Item3), SourceRows.Images(view)); // and a second time
        File.Delete(path); // no handle is left open
    }

    [Fact]
    public void What_is_left_out_is_counted_and_named()
    {
        string path = Write("zip", ("set/cat/a.jpg", [1]), ("set/dog/b.jpg", [2]), ("set/bird/c.tif", [3]), ("set/readme.txt", [4]));
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        _ml.Data.LoadFromImageArchive(path);
        Assert.Equal(
            [
                $"'{path}': 1 .tif files were left out (1 in bird): this format is not read. Convert them to PNG or JPEG.",
                $"'{path}': The folder 'bird' holds no images that are read, so that there is no class 'bird'.",
            ],
            warnings
        );
    }

    [Theory]
    [InlineData(false)] // code page 437
    [InlineData(true)] // UTF-8 without its mark, as macOS writes it
    public void Names_that_are_not_marked_as_utf8_are_read(bool isUtf8)
    {
        string[] names = ["Bär/1.jpg", "Bör/2.jpg", "Hund/3.jpg"];
        string path = _folder.Add(
            "names.zip",
            UnmarkedZip([.. names.Select(name => isUtf8 ? System.Text.Encoding.UTF8.GetBytes(name) : Cp437(name))])
        );
        IDataView view = _ml.Data.LoadFromImageArchive(path);
        Assert.Equal(["Bär", "Bör", "Hund"], SourceRows.Texts(view, "Label"));
        Assert.Equal(names, SourceRows.Texts(view, "ImagePath"));
        Assert.Equal([1, 2, 3], SourceRows.Images(view).Select(image => (int)image[0]));

        static byte[] Cp437(string name) =>
            [
                .. name.Select(c =>
                    c switch
                    {
                        'ä' => (byte)0x84,
                        'ö' => (byte)0x94,
                        _ => (byte)c,
                    }
                ),
            ];
    }

    [Fact]
    public void Labels_come_from_folders_names_or_nowhere()
    {
        string path = Write("zip", ("a/cat/x1.jpg", [1]), ("a/dog/y2.jpg", [2]), ("b/cat/z3.jpg", [3]));
        Assert.Equal(["a", "a", "b"], Labels(ImageLabelSource.FolderName));
        Assert.Equal(["cat", "dog", "cat"], Labels(ImageLabelSource.ParentFolderName));
        Assert.Equal(["a/cat", "a/dog", "b/cat"], Labels(ImageLabelSource.FolderPath));
        Assert.Equal(["x", "y", "z"], Labels(ImageLabelSource.FileNamePrefix));
        Assert.Null(_ml.Data.LoadFromImageArchive(path, new() { LabelSource = ImageLabelSource.None }).Schema.GetColumnOrNull("Label"));
        Assert.Equal(
            ["a/dog/y2.jpg"],
            SourceRows.Texts(_ml.Data.LoadFromImageArchive(path, new() { Include = ["a/*", "*z3*"], Exclude = ["*/cat/*"] }), "ImagePath")
        );

        string[] Labels(ImageLabelSource source) =>
            SourceRows.Texts(_ml.Data.LoadFromImageArchive(path, new() { LabelSource = source }), "Label");
    }

    [Fact]
    public void Images_of_one_class_are_labeled_by_their_folder()
    {
        Assert.Equal(
            ["cat", "cat"],
            SourceRows.Texts(_ml.Data.LoadFromImageArchive(Write("zip", ("x/cat/1.jpg", [1]), ("x/cat/2.jpg", [2]))), "Label")
        );
        Assert.Contains(
            "x.jpg' has no label: it lies beside the sub-folders",
            Error<InvalidDataException>(Write("zip", ("x.jpg", [1]), ("cat/2.jpg", [2])))
        );
    }

    [Theory]
    [InlineData("../evil.jpg")]
    [InlineData("cat/../../evil.jpg")]
    [InlineData("/etc/evil.jpg")]
    [InlineData("..\\evil.jpg")]
    [InlineData("C:/evil.jpg")]
    public void Entries_that_lead_out_of_the_archive_are_refused(string name)
    {
        Assert.Contains("leads out of the archive", Error<InvalidDataException>(Write("zip", ("cat/a.jpg", [1]), (name, [2]))));
        Assert.Contains("leads out of the archive", Error<InvalidDataException>(Write("tar", ("cat/a.jpg", [1]), (name, [2]))));
    }

    [Fact]
    public void Links_are_refused()
    {
        string path = Path.Combine(_folder.Path, "links.tar");
        using (var tar = new TarWriter(File.Create(path)))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "cat/a.jpg") { DataStream = new MemoryStream([1]) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "cat/b.jpg") { LinkName = "/etc/passwd" });
        }
        Assert.Contains("'cat/b.jpg'", Error<InvalidDataException>(path));
        Assert.Contains("it is a link", Error<InvalidDataException>(path));

        path = Path.Combine(_folder.Path, "links.zip");
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
            zip.CreateEntry("cat/b.jpg").ExternalAttributes = unchecked((int)0xA1FF0000);
        Assert.Contains("it is a link", Error<InvalidDataException>(path));
    }

    [Fact]
    public void Encrypted_entries_are_refused()
    {
        string path = Write("zip", ("cat/a.jpg", [1]));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[6] |= 1; // the flags of the local header,
        bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= 1; // and of the directory
        File.WriteAllBytes(path, bytes);
        Assert.Contains("it is encrypted", Error<InvalidDataException>(path));
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public void An_archive_that_changes_between_two_passes_is_noticed(string kind)
    {
        string path = Write(kind, ("cat/a.jpg", [1, 2, 3]), ("dog/b.jpg", [4]));
        IDataView view = _ml.Data.LoadFromImageArchive(path);
        Assert.Equal(2, SourceRows.Images(view).Length);
        File.Copy(Write(kind, ("bird/c.jpg", new byte[3000]), ("cat/a.jpg", [9, 9]), ("dog/b.jpg", [5, 5])), path, overwrite: true);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));
        Exception? error = Record.Exception(() => SourceRows.Images(view));
        Assert.True(error is InvalidDataException or InvalidImageException, $"{error}");
        Assert.Contains(path, error!.Message);
    }

    [Fact]
    public void Invalid_images_have_their_rows_in_the_view_that_is_read()
    {
        byte[] good = TestImages.Encode(TestImages.Pattern(20, 20), SKEncodedImageFormat.Png);
        string path = Write("zip", [.. Enumerable.Range(0, 6).Select(i => ($"x/{i}.png", good))]);
        byte[] bytes = File.ReadAllBytes(path);
        // The checksum of the fifth entry in the directory.
        int directory = 0;
        for (int i = 0; i < 5; i++)
            directory += 4 + bytes.AsSpan(directory + 4).IndexOf("PK\u0001\u0002"u8);
        bytes[directory + 16] ^= 1;
        File.WriteAllBytes(path, bytes);
        IDataView loaded = _ml.Data.LoadFromImageArchive(path);
        IDataView last = _ml.Data.SkipRows(loaded, 3);
        using var decoder = new ImageDecoder(new ImagePreprocessing { Width = 16, Height = 16 });
        var rows = new ImageRows(last, decoder, new() { ImageColumnName = "Image", MaxInvalidImages = 1 });
        Assert.Equal([0L, 2L], rows.ReadBatches(8).SelectMany(batch => batch.Rows.ToArray()));
        InvalidImage bad = Assert.Single(rows.InvalidImages);
        Assert.Equal((1L, path + "/x/4.png"), (bad.Row, bad.Path));
    }

    [Fact]
    public void Entries_that_unpack_to_more_than_the_limit_are_refused_before_they_are_unpacked()
    {
        var options = new LoadArchiveOptions { MaxImageBytes = 1000 };
        foreach (string kind in new[] { "zip", "tar", "tar.gz" })
        {
            string path = Write(kind, ("cat/bomb.jpg", new byte[1001]));
            string message = Assert.Throws<InvalidDataException>(() => _ml.Data.LoadFromImageArchive(path, options)).Message;
            Assert.Contains("it has 1001 bytes unpacked, more than MaxImageBytes = 1000", message);
        }
    }

    [Theory]
    [InlineData(+5, "holds less than the 105 bytes")]
    [InlineData(-5, "its checksum in the archive is another")] // .NET unpacks no more than is stated
    public void Entries_of_another_size_than_stated_are_invalid_images(int difference, string expected)
    {
        string path = Write("zip", ("cat/a.jpg", [.. Enumerable.Range(0, 100).Select(i => (byte)i)]));
        // The central directory's uncompressed size.
        byte[] bytes = File.ReadAllBytes(path);
        int directory = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(directory + 24), 100 + difference);
        File.WriteAllBytes(path, bytes);
        IDataView view = _ml.Data.LoadFromImageArchive(path);
        InvalidImageException error = Assert.Throws<InvalidImageException>(() => SourceRows.Images(view));
        Assert.Contains(expected, error.Message);
        Assert.Equal((0, path + "/cat/a.jpg"), (error.Row, error.Path));
    }

    [Fact]
    public void A_size_that_cannot_be_packed_so_small_is_refused()
    {
        string path = Write("zip", ("cat/a.jpg", [.. Enumerable.Range(0, 100).Select(i => (byte)i)]));
        byte[] bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 24), 200 << 20);
        File.WriteAllBytes(path, bytes);
        IDataView view = _ml.Data.LoadFromImageArchive(path);
        long before = GC.GetAllocatedBytesForCurrentThread();

        string reason = Assert.Throws<InvalidImageException>(() => SourceRows.Images(view)).Reason;

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
        Assert.Contains("packed bytes cannot hold the 209715200 bytes that the archive states", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_are_found_by_their_checksum()
    {
        string path = Path.Combine(_folder.Path, "stored.zip");
        byte[] content = [.. Enumerable.Range(0, 1003).Select(i => (byte)(i * 7))];
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
        using (Stream entry = zip.CreateEntry("cat/a.jpg", CompressionLevel.NoCompression).Open())
            entry.Write(content);
        Assert.Equal(content, Assert.Single(SourceRows.Images(_ml.Data.LoadFromImageArchive(path))));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(content.AsSpan(500, 20))] ^= 4;
        File.WriteAllBytes(path, bytes);
        Assert.Contains(
            "checksum",
            Assert.Throws<InvalidImageException>(() => SourceRows.Images(_ml.Data.LoadFromImageArchive(path))).Reason
        );
    }

    [Fact]
    public void Archives_that_are_cut_short_or_none_are_named()
    {
        foreach (string kind in new[] { "zip", "tar", "tar.gz" })
        {
            var random = new Random(1);
            byte[] content = new byte[60_000];
            random.NextBytes(content);
            string path = Write(kind, ("cat/a.jpg", content), ("dog/b.jpg", content));
            byte[] bytes = File.ReadAllBytes(path);
            File.WriteAllBytes(path, bytes.AsSpan(0, (bytes.Length / 2) - 100));
            Exception? error = Record.Exception(() => SourceRows.Images(_ml.Data.LoadFromImageArchive(path)));
            Assert.True(error is InvalidDataException or InvalidImageException, $"{kind}: {error}");
            Assert.Contains(path, error!.Message);
        }
        Assert.Contains("no archive: it begins as neither", Error<InvalidDataException>(_folder.Add("text.zip", "hello"u8)));
        Assert.Contains("packed by xz", Error<InvalidDataException>(_folder.Add("a.tar.xz", [0xFD, (byte)'7', (byte)'z', 0x58, 0x5A, 0])));
        Assert.Contains("There is no archive", Error<FileNotFoundException>(Path.Combine(_folder.Path, "none.zip")));
        Assert.Contains("holds no images (*.jpg, *.jpeg", Error<FileNotFoundException>(Write("zip", ("a.txt", [1]))));
    }

    [Fact]
    public void A_trainer_reads_the_images_in_any_order()
    {
        (string, byte[])[] images =
        [
            .. Enumerable
                .Range(0, 12)
                .Select(i =>
                    (
                        $"{(i % 2 == 0 ? "red" : "blue")}/{i}.png",
                        TestImages.Encode(TestImages.Pattern(20 + i, 30), SKEncodedImageFormat.Png)
                    )
                ),
        ];
        IDataView view = _ml.Data.ShuffleRows(_ml.Data.LoadFromImageArchive(Write("zip", images)), seed: 5);
        IDataView labeled = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        using var decoder = new ImageDecoder(new ImagePreprocessing { Width = 16, Height = 16 });
        var rows = new ImageRows(labeled, decoder, new() { ImageColumnName = "Image", LabelColumnName = "Label" });
        int[] labels = [.. rows.ReadBatches(5).SelectMany(batch => batch.Labels.ToArray())];
        Assert.Equal(6, labels.Count(label => label == 0));
        Assert.Equal(12, labels.Length);
    }

    private string Error<T>(string path)
        where T : Exception => Assert.Throws<T>(() => _ml.Data.LoadFromImageArchive(path)).Message;

    private string Write(string kind, params (string Name, byte[] Content)[] entries)
    {
        string path = Path.Combine(_folder.Path, $"{Guid.NewGuid():N}.{kind}");
        if (kind == "zip")
        {
            using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
            foreach ((string name, byte[] content) in entries)
                using (Stream entry = zip.CreateEntry(name).Open())
                    entry.Write(content);
            return path;
        }
        Stream file = File.Create(path);
        using var tar = new TarWriter(kind == "tar" ? file : new GZipStream(file, CompressionLevel.Fastest));
        foreach ((string name, byte[] content) in entries)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        return path;
    }

    /// <summary>A zip of stored files with one byte each, 1, 2, ..., whose names have no mark of their encoding.</summary>
    private static byte[] UnmarkedZip(byte[][] names)
    {
        var file = new MemoryStream();
        var directory = new MemoryStream();
        for (int i = 0; i < names.Length; i++)
        {
            byte[] content = [(byte)(i + 1)];
            byte[] header = new byte[26];
            header[0] = 20; // version
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(10), System.IO.Hashing.Crc32.HashToUInt32(content));
            (header[14], header[18]) = (1, 1); // sizes
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(22), (ushort)names[i].Length);
            int offset = (int)file.Length;
            file.Write([.. "PK\u0003\u0004"u8, .. header, .. names[i], .. content]);
            byte[] tail = new byte[14];
            BinaryPrimitives.WriteInt32LittleEndian(tail.AsSpan(10), offset);
            directory.Write([.. "PK\u0001\u0002"u8, 20, 0, .. header, .. tail, .. names[i]]);
        }
        byte[] end = new byte[18];
        (end[4], end[6]) = ((byte)names.Length, (byte)names.Length);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(8), (int)directory.Length);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(12), (int)file.Length);
        return [.. file.ToArray(), .. directory.ToArray(), .. "PK\u0005\u0006"u8, .. end];
    }
}
