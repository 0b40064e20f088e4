using System.Buffers.Binary;

namespace MLNetExtensions.Onnx;

/// <summary>
/// Walks the fields of a protobuf message in place: nothing is copied, and no length is believed that the bytes do not bear out.
/// </summary>
/// <param name="bytes">The message.</param>
/// <param name="start">Its position in the file, for messages.</param>
internal ref struct WireReader(ReadOnlySpan<byte> bytes, long start)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position,
        _fieldStart;

    /// <summary>The number of the field that was read.</summary>
    public int Field { get; private set; }

    /// <summary>
    /// True if the field is a message, text, bytes or packed numbers (<see cref="Content"/>); false if it is a single number
    /// (<see cref="Number"/>).
    /// </summary>
    public bool HasContent { get; private set; }

    /// <summary>The field's number.</summary>
    public ulong Number { get; private set; }

    /// <summary>The field's bytes.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>The position of the field's bytes in the file.</summary>
    public long ContentStart { get; private set; }

    /// <summary>The field as it stands in the file, with its tag.</summary>
    public readonly ReadOnlySpan<byte> Raw => _bytes[_fieldStart.._position];

    /// <summary>Goes to the next field.</summary>
    /// <exception cref="OnnxFormatException">The bytes are no message, or end within one.</exception>
    public bool Next()
    {
        if (_position == _bytes.Length)
            return false;
        _fieldStart = _position;
        long at = start + _position;
        ulong tag = Varint();
        Field = tag is > 0 and <= uint.MaxValue && tag >> 3 > 0 ? (int)(tag >> 3) : throw Damaged(at, "no field begins there");
        HasContent = false;
        Content = default;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), at));
                break;
            case 2:
                ulong length = Varint();
                HasContent = true;
                ContentStart = start + _position;
                Content = Take(length, at);
                break;
            case 5:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), at));
                break;
            default:
                throw Damaged(at, $"field {Field} is of a kind that ONNX files do not have");
        }
        return true;
    }

    /// <summary>The message in the field.</summary>
    public readonly WireReader Message() => new(Content, ContentStart);

    /// <summary>The next of packed numbers.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_position == _bytes.Length)
                throw Damaged(start + _position, "a number is cut short");
            byte part = _bytes[_position++];
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
                return value;
        }
        throw Damaged(start + _position, "a number has more than 64 bits");
    }

    /// <summary>Adds the numbers of a field of numbers, one or packed.</summary>
    public readonly void AddNumbers(List<long> numbers)
    {
        if (!HasContent)
            numbers.Add(unchecked((long)Number));
        for (WireReader packed = Message(); HasContent && !packed.IsAtEnd; )
            numbers.Add(unchecked((long)packed.Varint()));
    }

    /// <summary>True if there are no more packed numbers.</summary>
    public readonly bool IsAtEnd => _position == _bytes.Length;

    private ReadOnlySpan<byte> Take(ulong length, long at)
    {
        int left = _bytes.Length - _position;
        if (length > (ulong)left)
            throw Damaged(at, $"field {Field} states {length} bytes where {left} are left");
        ReadOnlySpan<byte> taken = _bytes.Slice(_position, (int)length);
        _position += (int)length;
        return taken;
    }

    private static OnnxFormatException Damaged(long at, string what) => new($"it is damaged or cut short at byte {at}: {what}.");
}
