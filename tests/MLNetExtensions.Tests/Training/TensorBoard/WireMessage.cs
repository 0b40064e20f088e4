using System.Buffers.Binary;
using System.Text;

namespace MLNetExtensions.Tests.Training.TensorBoard;

/// <summary>
/// A protobuf message read from its bytes by field number alone, so that tests do not share the writer's proto file.
/// </summary>
internal sealed class WireMessage
{
    private readonly List<(int Field, object Value)> _fields = [];

    public WireMessage(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            ulong key = Varint(ref bytes);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((field, Varint(ref bytes)));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadDoubleLittleEndian(bytes)));
                    bytes = bytes[8..];
                    break;
                case 2:
                    int length = checked((int)Varint(ref bytes));
                    _fields.Add((field, bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadSingleLittleEndian(bytes)));
                    bytes = bytes[4..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7} of field {field}");
            }
        }
    }

    public bool Has(int field) => _fields.Exists(f => f.Field == field);

    public long Integer(int field) => (long)All<ulong>(field).SingleOrDefault();

    public double Double(int field) => All<double>(field).SingleOrDefault();

    public float Single(int field) => All<float>(field).SingleOrDefault();

    public byte[] Bytes(int field) => All<byte[]>(field).SingleOrDefault() ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string[] Texts(int field) => [.. All<byte[]>(field).Select(Encoding.UTF8.GetString)];

    public WireMessage Message(int field) => Messages(field).Single();

    public WireMessage[] Messages(int field) => [.. All<byte[]>(field).Select(bytes => new WireMessage(bytes))];

    public double[] PackedDoubles(int field) => [.. Bytes(field).Chunk(8).Select(eight => BinaryPrimitives.ReadDoubleLittleEndian(eight))];

    public long[] PackedIntegers(int field)
    {
        List<long> values = [];
        for (ReadOnlySpan<byte> bytes = Bytes(field); !bytes.IsEmpty; )
            values.Add((long)Varint(ref bytes));
        return [.. values];
    }

    private IEnumerable<T> All<T>(int field) => _fields.Where(f => f.Field == field).Select(f => (T)f.Value);

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
