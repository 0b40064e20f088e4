namespace MLNetExtensions.Faults.Mutation;

/// <summary>A field of a protobuf message: a number, bytes, or a message within.</summary>
internal sealed class WireField
{
    // Lengths that lie, written in place of the true one; null as a rule.
    public ulong? StatedLength { get; set; }

    public int Number { get; set; }

    /// <summary>0: varint, 1: 8 bytes, 2: bytes or a message, 5: 4 bytes.</summary>
    public int Kind { get; set; }

    public ulong Value { get; set; }

    public byte[] Content { get; set; } = [];

    /// <summary>The fields of the message within; null where the bytes are none.</summary>
    public List<WireField>? Fields { get; set; }

    /// <summary>Reads a message; null if the bytes are none.</summary>
    public static List<WireField>? Read(ReadOnlySpan<byte> bytes)
    {
        var fields = new List<WireField>();
        for (int at = 0; at < bytes.Length; )
        {
            if (!Varint(bytes, ref at, out ulong tag) || tag >> 3 is 0 or > 500)
                return null;
            var field = new WireField { Number = (int)(tag >> 3), Kind = (int)(tag & 7) };
            switch (field.Kind)
            {
                case 0:
                    if (!Varint(bytes, ref at, out ulong value))
                        return null;
                    field.Value = value;
                    break;
                case 1 or 5:
                    int size = field.Kind == 1 ? 8 : 4;
                    if (bytes.Length - at < size)
                        return null;
                    field.Content = bytes.Slice(at, size).ToArray();
                    at += size;
                    break;
                case 2:
                    if (!Varint(bytes, ref at, out ulong length) || length > (ulong)(bytes.Length - at))
                        return null;
                    field.Content = bytes.Slice(at, (int)length).ToArray();
                    at += (int)length;
                    if (!IsText(field.Content))
                        field.Fields = Read(field.Content);
                    break;
                default:
                    return null;
            }
            fields.Add(field);
        }
        return fields;
    }

    public static byte[] Write(IEnumerable<WireField> fields)
    {
        var stream = new MemoryStream();
        foreach (WireField field in fields)
        {
            Varint(stream, ((ulong)field.Number << 3) | (uint)field.Kind);
            if (field.Kind == 0)
            {
                Varint(stream, field.Value);
                continue;
            }
            byte[] content = field.Fields is null ? field.Content : Write(field.Fields);
            if (field.Kind == 2)
                Varint(stream, field.StatedLength ?? (ulong)content.Length);
            stream.Write(content);
        }
        return stream.ToArray();
    }

    public WireField Copy() =>
        new()
        {
            StatedLength = StatedLength,
            Number = Number,
            Kind = Kind,
            Value = Value,
            Content = Content,
            Fields = Fields?.ConvertAll(f => f.Copy()),
        };

    private static bool IsText(byte[] bytes) => bytes.Length > 0 && Array.TrueForAll(bytes, b => b is >= 32 and < 127);

    private static bool Varint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && at < bytes.Length; shift += 7)
        {
            byte part = bytes[at++];
            value |= shift < 64 ? (ulong)(part & 127) << shift : 0;
            if (part < 128)
                return true;
        }
        return false;
    }

    private static void Varint(Stream stream, ulong value)
    {
        for (; value > 127; value >>= 7)
            stream.WriteByte((byte)(value | 128));
        stream.WriteByte((byte)value);
    }
}
