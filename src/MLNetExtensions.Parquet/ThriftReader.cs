namespace MLNetExtensions.Parquet;

/// <summary>
/// Reads structures in Thrift's compact protocol, as Parquet's footers and page headers are, of the types that these have. Nothing is made that is not there: a list has
/// no more elements than bytes are left.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    // Parquet's own go to 6.
    private const int MostLevels = 32;

    private const int True = 1,
        False = 2,
        Byte = 3,
        Int64 = 6,
        Binary = 8,
        List = 9,
        Struct = 12;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The position behind what was read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads a structure.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or ends too early.</exception>
    public ThriftStruct ReadStruct(int level = 0)
    {
        var fields = new Dictionary<int, object>();
        int id = 0;
        while (true)
        {
            byte head = Next();
            if (head == 0)
                return new ThriftStruct(fields);
            id = head >> 4 != 0 ? id + (head >> 4) : (short)ZigZag();
            object value = (head & 15) is True or False
                ? (head & 15) == True
                    ? 1L
                    : 0L
                : Value(head & 15, level);
            if (!fields.TryAdd(id, value))
                throw new InvalidDataException($"field {id} of a structure is there twice");
        }
    }

    private object Value(int type, int level)
    {
        if (level > MostLevels)
            throw new InvalidDataException($"structures lie more than {MostLevels} deep in each other");
        switch (type)
        {
            // In lists a byte of its own, as the one below.
            case True or False or Byte:
                return (long)Next();
            case > Byte and <= Int64:
                return ZigZag();
            case Binary:
                return Take(Length());
            case List:
                byte head = Next();
                int count = head >> 4 == 15 ? Length() : head >> 4;
                if (count > _bytes.Length - Position)
                    throw new InvalidDataException($"a list states {count} elements, {_bytes.Length - Position} bytes are left");
                var list = new List<object>(count);
                for (int i = 0; i < count; i++)
                    list.Add(Value(head & 15, level + 1));
                return list;
            case Struct:
                return ReadStruct(level + 1);
            default:
                throw new InvalidDataException($"a value is of type {type}, which Parquet does not use");
        }
    }

    private byte Next() => Position < _bytes.Length ? _bytes[Position++] : throw new InvalidDataException("it ends within a structure");

    private byte[] Take(int count)
    {
        if (count > _bytes.Length - Position)
            throw new InvalidDataException($"a text states {count} bytes, {_bytes.Length - Position} are left");
        Position += count;
        return _bytes.Slice(Position - count, count).ToArray();
    }

    private int Length()
    {
        ulong length = Varint();
        return length <= int.MaxValue ? (int)length : throw new InvalidDataException($"a size of {length} is stated");
    }

    private long ZigZag()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = Next();
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
                return value;
        }
        throw new InvalidDataException("a number has more than 64 bits");
    }
}
