using MLNetExtensions.Onnx.Networks.Layers;

namespace MLNetExtensions.Onnx.Networks.Architectures;

/// <summary>
/// The nine-layer residual network of David Page's "How to train your ResNet" (DAWNBench 2018), made for CIFAR-10: 6,573,120 parameters for
/// 10 classes of 32x32 color images. Its logits are scaled by an eighth.
/// </summary>
public sealed record ResNet9 : Network
{
    /// <summary>The filters of the first layer; the others have 2, 4 and 8 times as many.</summary>
    /// <value>The default is 64.</value>
    public int Width { get; init; } = 64;

    /// <inheritdoc/>
    protected override NetworkValue Declare(NetworkValue images, int outputs)
    {
        NetworkValue logits = images.Then(
            Block("prep", Width),
            Block("layer1", 2 * Width, pool: true),
            Pair("layer1.residual", 2 * Width),
            Block("layer2", 4 * Width, pool: true),
            Block("layer3", 8 * Width, pool: true),
            Pair("layer3.residual", 8 * Width),
            new GlobalMaxPool2D(),
            new Dense(outputs) { Name = "linear", UseBias = false },
            new Scale(0.125f)
        );
        return logits;
    }

    private static Sequential Block(string name, int filters, bool pool = false)
    {
        var block = new Sequential { Name = name };
        block.Add(
            new Conv2D(filters, 3)
            {
                Name = "conv",
                Padding = 1,
                UseBias = false,
            }
        );
        block.Add(new BatchNorm { Name = "norm" });
        block.Add(new Relu());
        if (pool)
            block.Add(new MaxPool2D(2));
        return block;
    }

    private static Residual Pair(string name, int filters) =>
        new(new Sequential(Block("res1", filters), Block("res2", filters))) { Name = name };
}
