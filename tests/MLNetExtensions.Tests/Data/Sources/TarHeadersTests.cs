using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using MLNetExtensions.Data.Sources;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Tests.Data.Sources;

public sealed class TarHeadersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public void Entries_are_those_of_NETs_reader(TarEntryFormat format)
    {
        bool hasLongNames = format is TarEntryFormat.Gnu or TarEntryFormat.Pax;
        string[] names = ["a.jpg", "ö/b.jpg", "folder/" + new string('x', hasLongNames ? 300 : 60), "empty"];
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (string name in names)
                tar.WriteEntry(Entry(format, name, name == "empty" ? 0 : name.Length * 100));
        }
        byte[] bytes = stream.ToArray();
        foreach (bool isCompressed in (bool[])[false, true])
        {
            var found = new List<string>();
            using var tar = new TarHeaders(_folder.Add("x.tar", isCompressed ? Packed(bytes) : bytes), isCompressed);
            while (tar.MoveNext())
            {
                found.Add(tar.Name);
                Assert.Equal('0', tar.Kind);
                Assert.Equal(tar.Name == "empty" ? 0 : tar.Name.Length * 100, tar.Length);
                if (!isCompressed)
                    Assert.All(bytes.AsSpan((int)tar.Offset, (int)tar.Length).ToArray(), b => Assert.Equal(7, b));
            }
            Assert.Equal(names, found);
        }
    }

    // Each of them made a reader ask for gigabytes, or ended in an exception of the runtime.
    [Theory]
    [InlineData('0', "77777777777", "states 8589934591 bytes, the file ends after 1536")]
    [InlineData('x', "77777777777", "the names and attributes of an entry state 8589934591 bytes, more than 1048576")]
    [InlineData('L', "17777777777", "the names and attributes of an entry state 2147483647 bytes, more than 1048576")]
    [InlineData('0', "x", "a number of a header is none")]
    [InlineData('0', "\u0080\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "a number of a header is too large")]
    [InlineData('0', "\u00ff\u00ff", "a number of a header is negative")]
    public void Sizes_that_cannot_be_are_refused(char kind, string size, string expected)
    {
        byte[] bytes = [.. File("cat/a.jpg", kind, size), .. new byte[3 * 512]];

        using var tar = new TarHeaders(_folder.Add("lying.tar", bytes), isCompressed: false);
        string message = Assert.Throws<InvalidDataException>(() => tar.MoveNext()).Message;

        Assert.Contains("lying.tar' is no tar file, or it is damaged or cut short", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_compressed_tells_at_its_end()
    {
        byte[] bytes = Packed([.. File("cat/a.jpg", '0', "77777777777"), .. new byte[3 * 512]]);

        using var tar = new TarHeaders(_folder.Add("lying.tgz", bytes), isCompressed: true);
        Assert.True(tar.MoveNext());

        Assert.Contains("before the end of an entry", Assert.Throws<InvalidDataException>(() => tar.MoveNext()).Message);
    }

    [Fact]
    public void A_header_that_is_damaged_is_found_by_its_checksum()
    {
        byte[] bytes = File("cat/a.jpg", '0', "1");
        bytes[3] ^= 1;

        using var tar = new TarHeaders(_folder.Add("damaged.tar", bytes), isCompressed: false);

        Assert.Contains("the checksum of a header is", Assert.Throws<InvalidDataException>(() => tar.MoveNext()).Message);
    }

    private static TarEntry Entry(TarEntryFormat format, string name, int length)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
            TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
            TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
            _ => new PaxTarEntry(TarEntryType.RegularFile, name),
        };
        byte[] content = new byte[length];
        content.AsSpan().Fill(7);
        entry.DataStream = new MemoryStream(content);
        return entry;
    }

    private static byte[] File(string name, char kind, string size)
    {
        byte[] block = new byte[512];
        Encoding.Latin1.GetBytes(name, block);
        Encoding.Latin1.GetBytes(size, block.AsSpan(124));
        block[156] = (byte)kind;
        "ustar"u8.CopyTo(block.AsSpan(257));
        block.AsSpan(148, 8).Fill((byte)' ');
        Encoding.Latin1.GetBytes(Convert.ToString(block.Sum(b => b), 8).PadLeft(6, '0') + "\0", block.AsSpan(148));
        return block;
    }

    private static byte[] Packed(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            stream.Write(bytes);
        return packed.ToArray();
    }
}
