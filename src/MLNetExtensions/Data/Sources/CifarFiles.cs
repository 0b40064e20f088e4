using System.Globalization;

namespace MLNetExtensions.Data.Sources;

/// <summary>The files of CIFAR's binary version: a class (or two), then 32 x 32 pixels of red, of green and of blue.</summary>
internal sealed record CifarFiles(RawPixelStore Store, byte[] Labels, IReadOnlyList<string> Names)
{
    private const int Side = 32,
        PixelBytes = 3 * Side * Side;

    public static CifarFiles Open(string path, CifarFormat format, CifarPart part)
    {
        int labelBytes = format == CifarFormat.Cifar10 ? 1 : 2,
            recordBytes = labelBytes + PixelBytes;
        int classes = format switch
        {
            CifarFormat.Cifar10 => 10,
            CifarFormat.Cifar100Coarse => 20,
            _ => 100,
        };
        string[] files = FilesOf(path, format, part);
        List<(string, int)> counted = [];
        List<byte> labels = [];
        foreach (string file in files)
        {
            long length = new FileInfo(file).Length;
            if (length == 0 || length % recordBytes != 0)
                throw new InvalidDataException(
                    $"'{file}' has {length} bytes, no whole number of {format} records of {recordBytes} bytes. "
                        + "Is it another format, compressed, or cut short?"
                );
            counted.Add((file, checked((int)(length / recordBytes))));
            ReadLabels(file, recordBytes, format == CifarFormat.Cifar100Fine ? 1 : 0, classes, labels);
        }
        string folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path)!;
        return new CifarFiles(
            new RawPixelStore(counted, HeaderBytes: 0, recordBytes, labelBytes, Channels: 3, Side, Side),
            [.. labels],
            NamesOf(folder, format, classes)
        );
    }

    private static string[] FilesOf(string path, CifarFormat format, CifarPart part)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new FileNotFoundException(
                $"There is no file or folder '{path}'. Expected a CIFAR file of records, or the folder of its binary version.",
                path
            );
        string pattern = (format, part) switch
        {
            (CifarFormat.Cifar10, CifarPart.Train) => "data_batch_*.bin",
            (CifarFormat.Cifar10, _) => "test_batch.bin",
            (_, CifarPart.Train) => "train.bin",
            _ => "test.bin",
        };
        string[] files = Directory.GetFiles(path, pattern);
        if (files.Length == 0)
            throw new FileNotFoundException(
                $"The folder '{path}' has no {pattern}. Expected the binary version of "
                    + $"{(format == CifarFormat.Cifar10 ? "CIFAR-10" : "CIFAR-100")}."
            );
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static void ReadLabels(string path, int recordBytes, int offset, int classes, List<byte> labels)
    {
        using FileStream file = File.OpenRead(path);
        byte[] record = new byte[recordBytes];
        for (int i = 0; file.Position < file.Length; i++)
        {
            file.ReadExactly(record);
            if (record[offset] >= classes)
                throw new InvalidDataException(
                    $"'{path}', record {i}: class {record[offset]}, expected 0 to {classes - 1}. Is the file of another format?"
                );
            labels.Add(record[offset]);
        }
    }

    private static string[] NamesOf(string folder, CifarFormat format, int classes)
    {
        string path = Path.Combine(
            folder,
            format switch
            {
                CifarFormat.Cifar10 => "batches.meta.txt",
                CifarFormat.Cifar100Coarse => "coarse_label_names.txt",
                _ => "fine_label_names.txt",
            }
        );
        if (!File.Exists(path))
            return [.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        string[] names = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length == classes
            ? names
            : throw new InvalidDataException($"'{path}' names {names.Length} classes, expected {classes}.");
    }
}
