using Google.Protobuf;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx;

/// <summary>Writes an <see cref="OnnxGraph"/> as the file's messages; names, attributes and metadata are kept.</summary>
internal static class OnnxWriter
{
    public static void WriteFile(OnnxGraph graph, string path)
    {
        ModelProto model = WriteModel(graph);
        TemporaryFile.Write(
            path,
            file =>
            {
                using FileStream stream = File.Create(file);
                model.WriteTo(stream);
            }
        );
    }

    public static void WriteStream(OnnxGraph graph, Stream stream) => WriteModel(graph).WriteTo(stream);

    public static byte[] ToBytes(OnnxGraph graph) => WriteModel(graph).ToByteArray();

    public static TensorProto WriteTensor(OnnxTensor tensor)
    {
        var proto = new TensorProto { Name = tensor.Name, DataType = (int)tensor.ElementType };
        proto.Dims.AddRange(tensor.Shape);
        if (tensor.ElementType == OnnxElementType.String)
            proto.StringData.AddRange(tensor.Strings.Select(ByteString.CopyFromUtf8));
        else
            proto.RawData = UnsafeByteOperations.UnsafeWrap(tensor.RawData);
        return proto;
    }

    private static ModelProto WriteModel(OnnxGraph graph)
    {
        long size = graph.Initializers.Values.Sum(t => (long)t.RawData.Length);
        if (size > int.MaxValue - (16 << 20))
            throw new OnnxFormatException(
                $"The model '{graph.Name}' holds {size >> 20} MB of weights; one ONNX file cannot hold over 2 GB."
            );

        var proto = new GraphProto { Name = graph.Name };
        proto.Node.AddRange(graph.Nodes.Select(WriteNode));
        proto.Initializer.AddRange(graph.Initializers.Values.Select(WriteTensor));
        proto.Input.AddRange(graph.Inputs.Select(WriteValue));
        // IR versions before 4 want every initializer listed among the inputs.
        if (graph.IrVersion < 4)
            proto.Input.AddRange(graph.Initializers.Values.Select(t => WriteValue(OnnxValue.Create(t.Name, t.ElementType, [.. t.Shape]))));
        proto.Output.AddRange(graph.Outputs.Select(WriteValue));
        proto.ValueInfo.AddRange(graph.ValueInfos.Select(WriteValue));

        var model = new ModelProto
        {
            IrVersion = graph.IrVersion,
            ProducerName = graph.ProducerName,
            ProducerVersion = graph.ProducerVersion,
            DocString = graph.DocString,
            Graph = proto,
        };
        model.OpsetImport.AddRange(graph.Opsets.Select(o => new OperatorSetIdProto { Domain = o.Key, Version = o.Value }));
        model.Functions.AddRange(graph.Functions);
        model.MetadataProps.AddRange(graph.Metadata.Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        return model;
    }

    private static NodeProto WriteNode(OnnxNode node)
    {
        var proto = new NodeProto
        {
            Name = node.Name,
            OpType = node.OpType,
            Domain = node.Domain,
            DocString = node.DocString,
            Overload = node.Overload,
        };
        proto.Input.AddRange(node.HasUnnamedEnd ? node.Inputs.SkipLast(1) : node.Inputs);
        proto.Output.AddRange(node.Outputs);
        proto.Attribute.AddRange(node.Attributes.Values.Select(a => a.Proto));
        return proto;
    }

    private static ValueInfoProto WriteValue(OnnxValue value)
    {
        // A type that the file does not state: ONNX Runtime infers it.
        if (value is { ElementType: OnnxElementType.Undefined, Shape: null })
            return new ValueInfoProto { Name = value.Name };
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)value.ElementType };
        if (value.Shape is not null)
        {
            tensor.Shape = new TensorShapeProto();
            foreach (OnnxDimension dimension in value.Shape)
            {
                var proto = new TensorShapeProto.Types.Dimension();
                if (dimension.Size is long size)
                    proto.DimValue = size;
                else if (dimension.Name is not null)
                    proto.DimParam = dimension.Name;
                tensor.Shape.Dim.Add(proto);
            }
        }
        return new ValueInfoProto
        {
            Name = value.Name,
            Type = new TypeProto { TensorType = tensor },
        };
    }
}
