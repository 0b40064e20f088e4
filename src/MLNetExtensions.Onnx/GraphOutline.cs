using Google.Protobuf;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx;

/// <summary>
/// A model without the data of its weights: what it takes to see what a model does, at a cost that does not grow with the weights. Small
/// tensors, such as shapes and axes, keep theirs.
/// </summary>
internal static class GraphOutline
{
    // The size of a TensorProto; larger ones are weights.
    private const int MaxTensorBytes = 1024;

    // A graph in a node has its attribute around it.
    private const int MaxNesting = 32;

    /// <summary>Copies a model but for its weights.</summary>
    /// <param name="model">The bytes of an ONNX file that <see cref="OnnxFileCheck"/> has looked through.</param>
    public static byte[] Of(ReadOnlySpan<byte> model)
    {
        var outline = new MemoryStream();
        Copy(new WireReader(model, 0), outline, Part.Model, depth: 0);
        return outline.ToArray();
    }

    /// <summary>Reads a tensor of an outline.</summary>
    public static OnnxTensor ReadTensor(TensorProto proto)
    {
        bool hasData =
            proto.RawData.Length > 0
            || proto.FloatData.Count
                + proto.Int32Data.Count
                + proto.Int64Data.Count
                + proto.DoubleData.Count
                + proto.Uint64Data.Count
                + proto.StringData.Count
                > 0;
        return hasData ? OnnxReader.ReadTensor(proto, folder: null) : WithoutData(proto);
    }

    private static OnnxTensor WithoutData(TensorProto proto)
    {
        (OnnxElementType type, long[] shape, _) = OnnxReader.ReadType(proto);
        return new OnnxTensor(proto.Name, type, shape, default);
    }

    private static void Copy(WireReader reader, Stream outline, Part part, int depth)
    {
        while (reader.Next())
        {
            Part inner = reader.HasContent && depth <= 3 * MaxNesting ? Inside(part, reader.Field) : Part.Other;
            if (inner == Part.Other)
            {
                outline.Write(reader.Raw);
                continue;
            }
            var content = new MemoryStream();
            if (inner == Part.Tensor)
                CopyTensor(reader, content);
            else
                Copy(reader.Message(), content, inner, depth + 1);
            var coded = new CodedOutputStream(outline, leaveOpen: true);
            coded.WriteTag(reader.Field, WireFormat.WireType.LengthDelimited);
            coded.WriteLength((int)content.Length);
            coded.Flush();
            content.WriteTo(outline);
        }
    }

    private static void CopyTensor(WireReader field, MemoryStream content)
    {
        if (field.Content.Length <= MaxTensorBytes)
        {
            content.Write(field.Content);
            return;
        }
        for (WireReader tensor = field.Message(); tensor.Next(); )
            if (tensor.Field is 1 or 2 or 8) // sizes, type, name
                content.Write(tensor.Raw);
    }

    private static Part Inside(Part part, int field) =>
        (part, field) switch
        {
            (Part.Model, 7) => Part.Graph,
            (Part.Model, 25) => Part.Function,
            (Part.Graph, 1) or (Part.Function, 7) => Part.Node,
            (Part.Graph, 5) => Part.Tensor,
            (Part.Node, 5) => Part.Attribute,
            (Part.Attribute, 5 or 10) => Part.Tensor,
            (Part.Attribute, 6 or 11) => Part.Graph,
            _ => Part.Other,
        };

    private enum Part
    {
        Other,
        Model,
        Graph,
        Function,
        Node,
        Attribute,
        Tensor,
    }
}
