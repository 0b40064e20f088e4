using System.Text;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx;

/// <summary>Reads what <see cref="RuntimeLimits"/> looks at of a node, in place: its names, and attributes that are whole numbers.</summary>
internal static class NodeHead
{
    /// <summary>Reads a NodeProto; of an attribute that is there twice the last, as ONNX Runtime takes it.</summary>
    public static OnnxNode Read(WireReader node)
    {
        string name = "",
            op = "",
            domain = "";
        List<string> inputs = [],
            outputs = [];
        var attributes = new Dictionary<string, OnnxAttribute>();
        while (node.Next())
        {
            if (!node.HasContent)
                continue;
            switch (node.Field)
            {
                case 1:
                    inputs.Add(Text(node));
                    break;
                case 2:
                    outputs.Add(Text(node));
                    break;
                case 3:
                    name = Text(node);
                    break;
                case 4:
                    op = Text(node);
                    break;
                case 5:
                    OnnxAttribute attribute = Attribute(node.Message());
                    attributes[attribute.Name] = attribute;
                    break;
                case 7:
                    domain = Text(node);
                    break;
            }
        }
        return new OnnxNode
        {
            Name = name,
            OpType = op,
            Domain = OnnxReader.Domain(domain),
            Inputs = inputs,
            Outputs = outputs,
            Attributes = attributes,
        };
    }

    private static OnnxAttribute Attribute(WireReader attribute)
    {
        var proto = new AttributeProto();
        var numbers = new List<long>();
        while (attribute.Next())
            switch (attribute.Field)
            {
                case 1:
                    proto.Name = Text(attribute);
                    break;
                case 3:
                    proto.I = unchecked((long)attribute.Number);
                    break;
                case 8:
                    attribute.AddNumbers(numbers);
                    break;
                case 20:
                    proto.Type = (AttributeProto.Types.AttributeType)unchecked((int)attribute.Number);
                    break;
                case 21:
                    proto.RefAttrName = Text(attribute);
                    break;
            }
        proto.Ints.AddRange(numbers);
        return new OnnxAttribute(proto);
    }

    private static string Text(WireReader field) => Encoding.UTF8.GetString(field.Content);
}
