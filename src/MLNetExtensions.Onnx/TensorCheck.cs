using System.Buffers.Binary;
using System.Text;

namespace MLNetExtensions.Onnx;

/// <summary>Checks that a tensor holds as much as its dimensions say, without reading its data.</summary>
internal static class TensorCheck
{
    // Integers of tensors as short as this are read: they may be shapes.
    private const int MaxShapeValues = 16;

    /// <summary>Checks a TensorProto.</summary>
    /// <returns>Its name, and its values where it is a number or a short list of 32-bit or 64-bit integers.</returns>
    public static (string Name, long[]? Values) Check(WireReader tensor, ExternalDataFolder? folder)
    {
        string name = "";
        var sizes = new List<long>();
        int type = 0;
        bool isExternal = false;
        long raw = -1,
            typed = 0,
            texts = 0;
        ReadOnlySpan<byte> rawValues = default;
        var external = new Dictionary<string, string>();
        var numbers = new List<long>();
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1 when tensor.HasContent:
                    for (WireReader sizesReader = tensor.Message(); !sizesReader.IsAtEnd && sizes.Count <= OnnxTensor.MaxDimensions; )
                        sizes.Add(unchecked((long)sizesReader.Varint()));
                    break;
                case 1:
                    sizes.Add(unchecked((long)tensor.Number));
                    break;
                case 2:
                    type = unchecked((int)tensor.Number);
                    break;
                case 4 or 5 or 7 or 10 or 11:
                    typed += CountOf(tensor);
                    if (tensor.Field is 5 or 7 && typed <= MaxShapeValues)
                        tensor.AddNumbers(numbers);
                    break;
                case 6:
                    texts++;
                    break;
                case 8:
                    name = Encoding.UTF8.GetString(tensor.Content);
                    break;
                case 9:
                    raw = tensor.Content.Length;
                    rawValues = tensor.Content;
                    break;
                case 13 when tensor.HasContent:
                    AddEntry(external, tensor.Message());
                    break;
                case 14:
                    isExternal = tensor.Number == 1;
                    break;
            }
            if (sizes.Count > OnnxTensor.MaxDimensions)
                throw new OnnxFormatException($"tensor '{name}' has more than {OnnxTensor.MaxDimensions} dimensions.");
        }

        string shape = $"[{string.Join(',', sizes)}]";
        if (sizes.Exists(size => size < 0))
            throw new OnnxFormatException($"tensor '{name}' has a negative size: {shape}.");
        long count = CountOf(sizes) ?? throw new OnnxFormatException($"tensor '{name}' has more elements than numbers can count: {shape}.");
        if (type == (int)OnnxElementType.String)
            return texts == count ? (name, null) : throw new OnnxFormatException($"tensor '{name}' {shape} of texts holds {texts}.");
        long? bytes = BytesOf(type, count);
        if (isExternal)
            External(name, shape, external, bytes, folder);
        else if (bytes is not null && raw >= 0 && (raw > 0 || typed == 0) && raw != bytes)
            throw new OnnxFormatException($"tensor '{name}' {shape} needs {bytes} bytes and holds {raw}.");
        else if (bytes is not null && raw <= 0 && typed * PerTyped(type) != count)
            throw new OnnxFormatException($"tensor '{name}' {shape} needs {count} values and holds {typed}.");
        if (count > MaxShapeValues || type is not ((int)OnnxElementType.Int64 or (int)OnnxElementType.Int32))
            return (name, null);
        return (
            name,
            count > 0 && raw == bytes ? Values(rawValues, (int)(raw / count))
            : numbers.Count == count ? [.. numbers]
            : null
        );
    }

    /// <summary>The product of sizes; null if one is negative, or no number can hold their bytes.</summary>
    public static long? CountOf(IReadOnlyList<long> sizes)
    {
        if (sizes.Any(size => size < 0))
            return null;
        if (sizes.Contains(0))
            return 0;
        long count = 1;
        foreach (long size in sizes)
        {
            if (count > long.MaxValue / 16 / size)
                return null;
            count *= size;
        }
        return count;
    }

    private static long CountOf(WireReader field)
    {
        if (!field.HasContent)
            return 1;
        if (field.Field == 4)
            return field.Content.Length / sizeof(float);
        if (field.Field == 10)
            return field.Content.Length / sizeof(double);
        // Each packed number ends with a byte without the continuation bit.
        long count = 0;
        foreach (byte part in field.Content)
            count += part < 128 ? 1 : 0;
        return count;
    }

    // Complex numbers are two values each in the typed fields.
    private static double PerTyped(int type) => type is 14 or 15 ? 0.5 : 1;

    /// <summary>The bytes of elements; null for texts, types of less than a byte and unknown ones.</summary>
    public static long? BytesOf(int type, long count) =>
        type switch
        {
            1 or 6 or 12 => 4 * count,
            2 or 3 or 9 or (>= 17 and <= 20) => count,
            4 or 5 or 10 or 16 => 2 * count,
            7 or 11 or 13 or 14 => 8 * count,
            15 => 16 * count,
            // Types of less than a byte and those of later versions are ONNX Runtime's to check.
            _ => null,
        };

    private static long[] Values(ReadOnlySpan<byte> raw, int width)
    {
        var values = new long[raw.Length / width];
        for (int i = 0; i < values.Length; i++)
            values[i] =
                width == sizeof(long)
                    ? BinaryPrimitives.ReadInt64LittleEndian(raw[(i * width)..])
                    : BinaryPrimitives.ReadInt32LittleEndian(raw[(i * width)..]);
        return values;
    }

    private static void AddEntry(Dictionary<string, string> entries, WireReader entry)
    {
        string key = "",
            value = "";
        while (entry.Next())
            if (entry.Field == 1)
                key = Encoding.UTF8.GetString(entry.Content);
            else if (entry.Field == 2)
                value = Encoding.UTF8.GetString(entry.Content);
        entries[key] = value;
    }

    private static void External(string name, string shape, Dictionary<string, string> entries, long? bytes, ExternalDataFolder? folder)
    {
        if (folder is null)
            throw new OnnxFormatException($"tensor '{name}' lies in an external file; load the model from its path.");
        long length = folder.Find(name, entries).Length;
        if (bytes is not null && length != bytes)
            throw new OnnxFormatException($"tensor '{name}' {shape} needs {bytes} bytes; its external data are {length}.");
    }
}
