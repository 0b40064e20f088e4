using MLNetExtensions.Onnx.Networks.Initializers;
using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>
/// What a detector has behind its backbone: a feature pyramid (arXiv 1612.03144, and upward again as in arXiv 1803.01534) and, for each of
/// its maps, two towers of separable convolutions: one for classes, one for the distances of a box's four sides from the cell's center, each
/// a distribution over <see cref="Bins"/> steps of the map's stride (arXiv 2006.04388). Anchor-free.
/// </summary>
internal sealed class DetectionHead : IDetectionHead
{
    /// <summary>The number of distances that a side may have, in strides: 0 to Bins - 1.</summary>
    public const int Bins = 16;

    /// <summary>The beginning of the names of its parameters.</summary>
    public const string Scope = "detector";

    // An object is rare among cells: a probability of 1 % at the start (arXiv 1708.02002).
    private const float PriorProbability = 0.01f;

    /// <summary>The bias of a class's logits at the start.</summary>
    public static readonly float ScoreBias = -MathF.Log((1 - PriorProbability) / PriorProbability);

    private readonly int _width;
    private readonly int _layers;
    private readonly int _classes;

    /// <param name="classes">The number of classes.</param>
    /// <param name="width">The channels of the pyramid and the towers.</param>
    /// <param name="layers">The layers of a tower.</param>
    public DetectionHead(int classes, int width, int layers) => (_classes, _width, _layers) = (classes, width, layers);

    /// <summary>Adds the pyramid and the towers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="features">The backbone's maps, finest first, each of half the size of the one before.</param>
    /// <returns>The logits of the classes [batch, classes, anchors] and of the distances [batch, 4, Bins, anchors]: left, top, right, bottom.
    /// </returns>
    public (NetworkValue Classes, NetworkValue Distances) Apply(NetworkBuilder network, IReadOnlyList<NetworkValue> features)
    {
        using IDisposable scope = network.Scope(Scope);
        IReadOnlyList<NetworkValue> pyramid = Pyramid(features);
        NetworkValue[] classes = [.. pyramid.Select(map => Predict(map, _classes, ScoreBias))],
            distances = [.. pyramid.Select(map => Predict(map, 4 * Bins, 0))];
        return (
            NetworkValue.Concat(2, [.. classes.Select(map => map.Reshape(_classes, -1))]),
            NetworkValue.Concat(2, [.. distances.Select(map => map.Reshape(4 * Bins, -1))]).Reshape(4, Bins, -1)
        );
    }

    private NetworkValue[] Pyramid(IReadOnlyList<NetworkValue> features)
    {
        NetworkValue[] maps = [.. features.Select(map => map.Then(Lateral()))];
        for (int i = maps.Length - 2; i >= 0; i--)
            maps[i] = (maps[i] + maps[i + 1].Then(new UpSampling2D(2))).Then(Separable(1));
        for (int i = 1; i < maps.Length; i++)
            maps[i] = (maps[i] + maps[i - 1].Then(Separable(2))).Then(Separable(1));
        return maps;
    }

    private NetworkValue Predict(NetworkValue map, int outputs, float bias)
    {
        for (int i = 0; i < _layers; i++)
            map = map.Then(Separable(1));
        return map.Then(new Conv2D(outputs, 1) { KernelInitializer = new RandomNormal(0.01), BiasInitializer = new Constant(bias) });
    }

    private Sequential Lateral() => new(new Conv2D(_width, 1) { UseBias = false }, new BatchNorm(), new Relu());

    private Sequential Separable(int stride) =>
        new(
            new DepthwiseConv2D(3)
            {
                Strides = stride,
                Padding = 1,
                UseBias = false,
            },
            new BatchNorm(),
            new Conv2D(_width, 1) { UseBias = false },
            new BatchNorm(),
            new Relu()
        );
}
