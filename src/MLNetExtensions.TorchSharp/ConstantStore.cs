using MLNetExtensions.Onnx;

namespace MLNetExtensions.TorchSharp;

/// <summary>
/// The source graph's initializers that training does not change, on the device once, shared by all programs of a session.
/// </summary>
internal sealed class ConstantStore(OnnxGraph source, torch.Device device) : IDisposable
{
    private readonly Dictionary<OnnxTensor, Tensor> _shared = [];

    /// <summary>The tensor of an initializer; one that lowering made for its own shapes goes to <paramref name="owned"/>.</summary>
    public Tensor Get(OnnxTensor initializer, List<IDisposable> owned)
    {
        if (_shared.TryGetValue(initializer, out Tensor? tensor))
            return tensor;
        tensor = TensorConversion.ToTorch(initializer, device);
        if (source.Initializers.TryGetValue(initializer.Name, out OnnxTensor? original) && ReferenceEquals(original, initializer))
            _shared.Add(initializer, tensor);
        else
            owned.Add(tensor);
        return tensor;
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _shared.Values)
            tensor.Dispose();
    }
}
