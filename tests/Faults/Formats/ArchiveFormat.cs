using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Archives of images: zip, tar, and tar compressed by gzip. The damage is to what is packed, and to what it is packed in.</summary>
internal sealed class ArchiveFormat : IFuzzFormat
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly Func<byte[], Random, byte[]> _mutate;

    private ArchiveFormat(string name, Func<byte[], Random, byte[]> mutate, IReadOnlyList<byte[]> corpus) =>
        (Name, _mutate, Corpus) = (name, mutate, corpus);

    public static IReadOnlyList<ArchiveFormat> All { get; } =
    [
        new("zip", (bytes, random) => ZipMutation.Mutate(bytes, random, (_, content) => ByteMutation.Mutate(content, random)), [Zip()]),
        new("tar", MutateTar, Tars),
        new("tgz", MutateCompressed, [.. Tars.Select(Compress)]),
    ];

    public string Name { get; }

    public string Extension => "." + Name;

    public IReadOnlyList<Type> Answers { get; } =
    [typeof(InvalidDataException), typeof(FileNotFoundException), typeof(InvalidImageException)];

    public IReadOnlyList<byte[]> Corpus { get; }

    private static byte[][] Tars => [Tar(TarEntryFormat.Pax), Tar(TarEntryFormat.Gnu), Tar(TarEntryFormat.Ustar)];

    public byte[] Mutate(byte[] input, Random random) => _mutate(input, random);

    public void Execute(FuzzInput input) => SourceReading.ReadAll(_ml.Data.LoadFromImageArchive(input.File));

    private static byte[] MutateTar(byte[] tar, Random random)
    {
        byte[] bytes = ByteMutation.Mutate(tar, random);
        if (random.Next(3) > 0 || bytes.Length < 512)
        {
            // A field of a header, whose sum is right again.
            bytes = bytes.Length < 512 ? [.. tar] : bytes;
            int header = random.Next(Math.Max(1, bytes.Length / 512)) * 512;
            if (header + 512 > bytes.Length)
                return bytes;
            Span<byte> block = bytes.AsSpan(header, 512);
            switch (random.Next(4))
            {
                case 0:
                    block[156] = (byte)"0123456789gxLKSDV\0"[random.Next(18)];
                    break;
                case 1:
                    BinaryPrimitives.WriteInt64BigEndian(block[128..], ByteMutation.Number(random));
                    block[124] = random.Next(2) == 0 ? (byte)0x80 : (byte)0xFF;
                    break;
                default:
                    Encoding.ASCII.GetBytes(
                        Convert.ToString(ByteMutation.Number(random) & 0x1FFFFFFFF, 8).PadLeft(11, '0').AsSpan(0, 11),
                        block[124..]
                    );
                    break;
            }
            block[148..156].Fill((byte)' ');
            int sum = 0;
            foreach (byte b in block)
                sum += b;
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ", block[148..]);
        }
        return bytes;
    }

    private static byte[] MutateCompressed(byte[] packed, Random random)
    {
        if (random.Next(3) == 0)
            return ByteMutation.Mutate(packed, random);
        try
        {
            using var stream = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            var tar = new MemoryStream();
            stream.CopyTo(tar);
            return Compress(MutateTar(tar.ToArray(), random));
        }
        catch (InvalidDataException)
        {
            return ByteMutation.Mutate(packed, random);
        }
    }

    private static byte[] Compress(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            stream.Write(bytes);
        return packed.ToArray();
    }

    private static IEnumerable<(string Name, byte[] Content)> Images(bool hasLongNames) =>
        [
            ("set/cat/a.jpg", [.. Enumerable.Range(0, 700).Select(i => (byte)(i * i))]),
            ("set/dog/b.png", [1, 2, 3]),
            (hasLongNames ? $"set/dog/{new string('n', 120)}/{new string('m', 120)}.png" : "set/dog/c.png", [4]),
            ("set/readme.txt", [9, 9]),
        ];

    private static byte[] Tar(TarEntryFormat format)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
            foreach ((string name, byte[] content) in Images(format != TarEntryFormat.Ustar))
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    _ => new UstarTarEntry(TarEntryType.RegularFile, name),
                };
                entry.ModificationTime = DateTimeOffset.UnixEpoch;
                entry.DataStream = new MemoryStream(content);
                tar.WriteEntry(entry);
            }
        return stream.ToArray();
    }

    private static byte[] Zip()
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] content) in Images(hasLongNames: true))
            {
                ZipArchiveEntry entry = zip.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream target = entry.Open();
                target.Write(content);
            }
        return stream.ToArray();
    }
}
