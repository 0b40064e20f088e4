using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Constants;

namespace MLNetExtensions.TensorFlow.Interchange.Ops;

/// <summary>Convolutions, pools and what else slides over images.</summary>
internal static class WindowImport
{
    public static IEnumerable<KeyValuePair<string, ImportOp>> Ops =>
        [
            new("Conv2D", (g, n, x) => Convolution(g, n, x, depthwise: false)),
            new("DepthwiseConv2dNative", (g, n, x) => Convolution(g, n, x, depthwise: true)),
            new("MaxPool", (g, n, x) => Pool(g, n, x[0], "MaxPool")),
            new("AvgPool", (g, n, x) => Pool(g, n, x[0], "AveragePool")),
            new("FusedBatchNorm", BatchNorm),
            new("FusedBatchNormV2", BatchNorm),
            new("FusedBatchNormV3", BatchNorm),
            new("LRN", LocalNorm),
        ];

    private static ImportedValue[] Convolution(GraphImport g, ImportNode node, ImportedValue[] x, bool depthwise)
    {
        OnnxTensor filter = x[1].Constant is { Shape.Count: 4 } constant
            ? constant
            : throw node.Error("its filter must be a constant of 4 dimensions.");
        long[] sizes = [.. filter.Shape];
        Layout layout = new(g, node, x[0]);
        long channels = layout.Channels;
        OnnxTensor weights;
        long groups;
        if (depthwise)
        {
            // [H, W, C, M] becomes [C * M, 1, H, W]: TensorFlow's output channel is c * M + m.
            weights = LayoutEvaluation.Transpose(filter, 2, 3, 0, 1).Reshape([sizes[2] * sizes[3], 1, sizes[0], sizes[1]]);
            groups = sizes[2];
        }
        else
        {
            weights = LayoutEvaluation.Transpose(filter, 3, 2, 0, 1);
            groups = channels > 0 && sizes[2] > 0 && channels % sizes[2] == 0 ? channels / sizes[2] : 1;
        }
        if (channels > 0 && channels != (depthwise ? sizes[2] : sizes[2] * groups))
            throw node.Error($"its filter is for {sizes[2]} channels, its input has {channels}.");
        (OnnxAttribute[] attributes, long[] shape) = layout.Window(sizes[0], sizes[1], weights.Shape[0]);
        string name = g.Emit(
            "Conv",
            node.Name,
            [layout.Name, g.Add(weights.Rename(x[1].Name))],
            [.. attributes, OnnxAttribute.Of("group", groups)]
        );
        return [layout.Output(name, shape)];
    }

    private static ImportedValue[] Pool(GraphImport g, ImportNode node, ImportedValue x, string onnx)
    {
        Layout layout = new(g, node, x);
        long[] size = node.Ints("ksize");
        if (size.Length != 4 || size[0] != 1 || size[layout.ChannelAxis] != 1)
            throw node.Error("pools over the batch or the channels.");
        (OnnxAttribute[] attributes, long[] shape) = layout.Window(size[layout.HeightAxis], size[layout.HeightAxis + 1], layout.Channels);
        // Without dilations: a pool of TensorFlow has none, and an average pool of older opsets may not have the attribute.
        string name = g.Emit(onnx, node.Name, [layout.Name], [.. attributes.Where(a => a.Name != "dilations")]);
        return [layout.Output(name, shape)];
    }

    private static ImportedValue[] BatchNorm(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        if (node.Bool("is_training", true))
            throw node.Error("normalizes by the batch's own statistics (is_training); freeze the graph for inference.");
        Layout layout = new(g, node, x[0]);
        string[] inputs = [layout.Name, .. x.Skip(1).Take(4).Select(g.Plain)];
        return
        [
            layout.Output(
                g.Emit("BatchNormalization", node.Name, inputs, OnnxAttribute.Of("epsilon", node.Float("epsilon", 1e-4f))),
                x[0].Shape
            ),
        ];
    }

    private static ImportedValue[] LocalNorm(GraphImport g, ImportNode node, ImportedValue[] x)
    {
        long size = 2 * node.Int("depth_radius", 5) + 1;
        // ONNX divides alpha by the size.
        string name = g.Emit(
            "LRN",
            node.Name,
            [g.Image(x[0])],
            OnnxAttribute.Of("size", size),
            OnnxAttribute.Of("alpha", node.Float("alpha", 1) * size),
            OnnxAttribute.Of("beta", node.Float("beta", 0.5f)),
            OnnxAttribute.Of("bias", node.Float("bias", 1))
        );
        return [new ImportedValue(name, x[0].Type, x[0].Shape) { ChannelsFirst = true }];
    }

    /// <summary>The order of an image's dimensions, from the node's data_format.</summary>
    private sealed class Layout
    {
        private readonly ImportNode _node;
        private readonly ImportedValue _x;
        private readonly bool _last;

        public Layout(GraphImport g, ImportNode node, ImportedValue x)
        {
            string format = node.Text("data_format", "NHWC");
            if (format is not ("NHWC" or "NCHW") || x.Rank != 4)
                throw node.Error($"its input has {x.Rank} dimensions in the format {format}; images are imported.");
            (_node, _x, _last) = (node, x, format == "NHWC");
            Name = _last ? g.Image(x) : g.Plain(x);
        }

        public string Name { get; }

        public int HeightAxis => _last ? 1 : 2;

        public int ChannelAxis => _last ? 3 : 1;

        public long Channels => _x.Shape[ChannelAxis];

        public ImportedValue Output(string name, long[] shape) => new(name, _x.Type, shape) { ChannelsFirst = _last };

        public (OnnxAttribute[] Attributes, long[] Shape) Window(long height, long width, long channels)
        {
            long[] strides = Two("strides"),
                dilations = Two("dilations"),
                kernel = [height, width],
                pads = new long[4],
                given = _node.Ints("explicit_paddings");
            string padding = _node.Text("padding", "VALID");
            if (
                padding is not ("SAME" or "VALID") && !(padding == "EXPLICIT" && given.Length == 8)
                || strides.Min() < 1
                || dilations.Min() < 1
                || kernel.Min() < 1
            )
                throw _node.Error($"its padding {padding}, strides, dilations or window are not valid.");
            long[] shape = [.. _x.Shape];
            shape[ChannelAxis] = channels;
            bool open = false;
            for (int i = 0; i < 2; i++)
            {
                int axis = HeightAxis + i;
                long size = _x.Shape[axis],
                    reach = (kernel[i] - 1) * dilations[i] + 1;
                if (padding == "EXPLICIT")
                    (pads[i], pads[i + 2]) = (given[2 * axis], given[2 * axis + 1]);
                open |= padding == "SAME" && size < 0;
                if (size < 0)
                    continue;
                if (padding == "SAME")
                {
                    shape[axis] = (size + strides[i] - 1) / strides[i];
                    long all = Math.Max(0, (shape[axis] - 1) * strides[i] + reach - size);
                    (pads[i], pads[i + 2]) = (all / 2, all - all / 2);
                }
                else
                {
                    shape[axis] = (size + pads[i] + pads[i + 2] - reach) / strides[i] + 1;
                    if (size + pads[i] + pads[i + 2] < reach)
                        throw _node.Error($"its window is larger than its input [{string.Join(',', _x.Shape)}].");
                }
            }
            OnnxAttribute edge = open ? OnnxAttribute.Of("auto_pad", "SAME_UPPER") : OnnxAttribute.Of("pads", pads);
            return (
                [
                    OnnxAttribute.Of("kernel_shape", kernel),
                    OnnxAttribute.Of("strides", strides),
                    OnnxAttribute.Of("dilations", dilations),
                    edge,
                ],
                shape
            );
        }

        private long[] Two(string name) => _node.Ints(name) is { Length: 4 } all ? [all[HeightAxis], all[HeightAxis + 1]] : [1, 1];
    }
}
