using MLNetExtensions.Onnx.Networks.Initializers;

namespace MLNetExtensions.Onnx.Networks;

/// <summary>The initializers of layers that do not set their own.</summary>
public sealed record InitializerDefaults
{
    /// <summary>
    /// torch.nn's: weights and biases of Conv and Linear uniform within 1 / sqrt(fan in) (kaiming_uniform_ with a = sqrt 5), everything
    /// recurrent uniform within 1 / sqrt(units).
    /// </summary>
    public static InitializerDefaults PyTorch { get; } = new();

    /// <summary>
    /// Keras's: GlorotUniform weights, zero biases; recurrent weights orthogonal over all gates together, an LSTM's forget gate with bias
    /// 1.
    /// </summary>
    public static InitializerDefaults Keras { get; } =
        new()
        {
            Kernel = new GlorotUniform(),
            Bias = new Zeros(),
            RecurrentInput = new GlorotUniform(),
            RecurrentState = new Orthogonal(),
            RecurrentBias = new Zeros(),
            ForgetGateBias = 1,
        };

    /// <summary>The weights of convolutions and dense layers.</summary>
    public Initializer Kernel { get; init; } = new FanInUniform();

    /// <summary>The biases of convolutions and dense layers.</summary>
    public Initializer Bias { get; init; } = new FanInUniform();

    /// <summary>The initializer of the weights that recurrent layers multiply their input with.</summary>
    /// <value>The default is null: uniform within 1 / sqrt(units).</value>
    public Initializer? RecurrentInput { get; init; }

    /// <summary>The initializer of the weights that recurrent layers multiply their previous state with.</summary>
    /// <value>The default is null: uniform within 1 / sqrt(units).</value>
    public Initializer? RecurrentState { get; init; }

    /// <summary>The biases of recurrent layers.</summary>
    /// <value>The default is null: uniform within 1 / sqrt(units).</value>
    public Initializer? RecurrentBias { get; init; }

    /// <summary>The value added to the bias of an LSTM's forget gate, so that it remembers at first.</summary>
    /// <value>The default is 0.</value>
    public float ForgetGateBias { get; init; }
}
