using System.Buffers.Binary;
using System.Text;

namespace MLNetExtensions.Faults.Mutation;

/// <summary>
/// Damage to protobuf messages that leaves them messages: numbers, sizes, names, fields that are there twice or not at all, or stand where
/// others belong.
/// </summary>
internal static class ProtobufMutation
{
    private static readonly byte[][] Texts =
    [
        .. new[] { "", "\0", "x", "\xff\xfe", "a/../../b", "ai.onnx", "NaN" }.Select(Encoding.Latin1.GetBytes),
    ];

    public static byte[] Mutate(byte[] input, Random random)
    {
        // A tenth of the damage is to the bytes: what a reader of messages does not even see.
        if (random.Next(10) == 0 || WireField.Read(input) is not { Count: > 0 } fields)
            return ByteMutation.Mutate(input, random);
        var all = new List<(List<WireField> Message, WireField Field)>();
        Gather(fields, all);
        (List<WireField> message, WireField field) = all[random.Next(all.Count)];
        int at = message.IndexOf(field);
        switch (random.Next(12))
        {
            case 0:
                message.RemoveAt(at);
                break;
            case 1:
                message.Insert(random.Next(message.Count + 1), field.Copy());
                break;
            case 2:
                // A field of the same number elsewhere: a name for another name, a shape for another shape.
                (List<WireField> Message, WireField Field)[] alike =
                [
                    .. all.Where(a => a.Field.Number == field.Number && a.Field.Kind == field.Kind),
                ];
                message[at] = alike[random.Next(alike.Length)].Field.Copy();
                break;
            case 3:
                message[at] = all[random.Next(all.Count)].Field.Copy();
                break;
            case 4:
                message.Insert(at, all[random.Next(all.Count)].Field.Copy());
                break;
            case 5:
                int other = random.Next(message.Count);
                (message[at], message[other]) = (message[other], message[at]);
                break;
            case 6 when random.Next(4) == 0:
                field.StatedLength = (ulong)ByteMutation.Number(random);
                break;
            case 7 when random.Next(3) == 0:
                field.Number = random.Next(1, 26);
                break;
            default:
                Change(field, all, random);
                break;
        }
        return WireField.Write(fields);
    }

    private static void Change(WireField field, List<(List<WireField> Message, WireField Field)> all, Random random)
    {
        if (field.Kind == 0)
        {
            field.Value = random.Next(3) == 0 ? field.Value + (ulong)random.NextInt64(-3, 4) : (ulong)ByteMutation.Number(random);
        }
        else if (field.Kind is 1 or 5)
        {
            field.Content = Number(field.Content.Length, random);
        }
        else if (field.Fields is { Count: > 0 } inner && random.Next(3) > 0)
        {
            Change(inner[random.Next(inner.Count)], all, random);
        }
        else if (field.Content.Length >= 4 && field.Content.Length % 4 == 0 && random.Next(2) == 0)
        {
            // Raw numbers: one of them, at its place.
            int width = field.Content.Length % 8 == 0 && random.Next(2) == 0 ? 8 : 4;
            byte[] content = [.. field.Content];
            Number(width, random).CopyTo(content, random.Next(content.Length / width) * width);
            (field.Content, field.Fields) = (content, null);
        }
        else
        {
            (List<WireField> _, WireField other) = all[random.Next(all.Count)];
            field.Content = random.Next(3) switch
            {
                0 => Texts[random.Next(Texts.Length)],
                1 when other.Kind == 2 => other.Content,
                _ => ByteMutation.Mutate(field.Content, random),
            };
            field.Fields = null;
        }
    }

    private static byte[] Number(int width, Random random)
    {
        var bytes = new byte[width];
        float[] floats = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, 1e30f, 1e-30f, -1, 0.5f, int.MaxValue];
        if (random.Next(2) == 0)
        {
            float value = floats[random.Next(floats.Length)];
            if (width == 8)
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            else
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            return bytes;
        }
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, ByteMutation.Number(random));
        number[..width].CopyTo(bytes);
        return bytes;
    }

    private static void Gather(List<WireField> message, List<(List<WireField> Message, WireField Field)> all)
    {
        foreach (WireField field in message)
        {
            all.Add((message, field));
            if (field.Fields is not null)
                Gather(field.Fields, all);
        }
    }
}
