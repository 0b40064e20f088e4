using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Segmentation;

/// <summary>What a segmentation network has behind its backbone: a decoder, and a linear layer for the classes of each cell.</summary>
/// <param name="decoder">The decoder.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="width">The channels of the decoder.</param>
internal sealed class SegmentationHead(SegmentationDecoder decoder, int classes, int width)
{
    /// <summary>The beginning of the names of its parameters.</summary>
    public const string Scope = "segmenter";

    /// <summary>The strides of the maps that a decoder reads, finest first.</summary>
    public static IReadOnlyList<int> StridesOf(SegmentationDecoder decoder) =>
        decoder == SegmentationDecoder.LiteRaspp ? [8, 16] : [4, 8, 16, 32];

    /// <summary>Adds the decoder.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maps">The backbone's maps, finest first, each of half the size of the one before.</param>
    /// <returns>The logits of the classes at the finest map's size, [batch, classes, height, width].</returns>
    public NetworkValue Apply(NetworkBuilder network, IReadOnlyList<NetworkValue> maps)
    {
        using IDisposable scope = network.Scope(Scope);
        return decoder switch
        {
            SegmentationDecoder.UNet => UNet(maps).Then(Classify()),
            SegmentationDecoder.LiteRaspp => LiteRaspp(maps),
            _ => FeaturePyramid(maps).Then(Classify()),
        };
    }

    private NetworkValue FeaturePyramid(IReadOnlyList<NetworkValue> maps)
    {
        NetworkValue map = maps[^1].Then(Lateral());
        NetworkValue sum = map.Then(Separable(), new UpSampling2D(1 << (maps.Count - 1), Bilinear: true));
        for (int i = maps.Count - 2; i >= 0; i--)
        {
            map = maps[i].Then(Lateral()) + map.Then(new UpSampling2D(2));
            NetworkValue smooth = map.Then(Separable());
            sum += i == 0 ? smooth : smooth.Then(new UpSampling2D(1 << i, Bilinear: true));
        }
        return sum.Then(Separable());
    }

    private NetworkValue UNet(IReadOnlyList<NetworkValue> maps)
    {
        NetworkValue map = maps[^1].Then(Lateral());
        for (int i = maps.Count - 2; i >= 0; i--)
            map = NetworkValue
                .Concat(1, [map.Then(new UpSampling2D(2, Bilinear: true)), maps[i].Then(Lateral())])
                .Then(Separable(), Separable());
        return map;
    }

    private NetworkValue LiteRaspp(IReadOnlyList<NetworkValue> maps)
    {
        NetworkValue deep = maps[1].Then(Lateral()),
            gate = maps[1].Then(new GlobalAveragePool2D(), new Reshape(maps[1].Shape[0], 1, 1), new Conv2D(width, 1), new Sigmoid());
        NetworkValue up = (deep * gate).Then(new UpSampling2D(2, Bilinear: true));
        return up.Then(Classify()) + maps[0].Then(Classify());
    }

    private Conv2D Classify() => new(classes, 1);

    private Sequential Lateral() => new(new Conv2D(width, 1) { UseBias = false }, new BatchNorm(), new Relu());

    private Sequential Separable() =>
        new(
            new DepthwiseConv2D(3) { Padding = 1, UseBias = false },
            new BatchNorm(),
            new Conv2D(width, 1) { UseBias = false },
            new BatchNorm(),
            new Relu()
        );
}
