using System.Collections;

namespace MLNetExtensions.Onnx.Networks.Layers;

/// <summary>
/// Layers one after another: <c>new Sequential(new Conv2D(32, 3), new ReLU(), new Flatten(), new Dense(10)).Build(3, 32, 32)</c>. If it has
/// no name, its layers are named as if they stood beside it.
/// </summary>
public sealed record Sequential : Layer, IEnumerable<Layer>
{
    private readonly List<Layer> _layers;

    /// <summary>Creates a chain of layers.</summary>
    public Sequential(params IEnumerable<Layer> layers) => _layers = [.. layers];

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    internal override bool IsTransparent => true;

    /// <summary>
    /// Adds a layer at the end; meant for collection initializers: <c>new Sequential { new Conv2D(32, 3), new ReLU() }</c>.
    /// </summary>
    public void Add(Layer layer) => _layers.Add(layer);

    /// <inheritdoc/>
    public IEnumerator<Layer> GetEnumerator() => _layers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    protected internal override NetworkValue Apply(NetworkValue input, LayerContext layer) => input.Then(_layers.ToArray());
}
