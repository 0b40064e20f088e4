using MLNetExtensions.Onnx.Operators;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>The sum of every window of a pooling node, for windows that libtorch's own average pooling cannot do.</summary>
internal static class WindowSum
{
    /// <summary>Sums windows of [N, C, ...]; what lies outside the input counts as zero.</summary>
    public static Tensor Of(Tensor x, Window window)
    {
        int rank = window.Kernel.Length;
        long[] batchAndChannels = x.shape[..2];
        using Tensor padded = window.Pad(x, 0);
        // A convolution with ones, each channel by itself: the only libtorch operation that sums dilated windows.
        using Tensor planes = padded.reshape([batchAndChannels[0] * batchAndChannels[1], 1, .. padded.shape[2..]]);
        using Tensor ones = torch.ones([1, 1, .. window.Kernel], x.dtype, x.device);
        using Tensor sums = rank switch
        {
            1 => F.conv1d(planes, ones, null, window.Strides[0], 0, window.Dilations[0]),
            2 => F.conv2d(planes, ones, null, window.Strides, new long[2], window.Dilations),
            _ => F.conv3d(planes, ones, null, window.Strides, new long[3], window.Dilations),
        };
        return sums.reshape([.. batchAndChannels, .. sums.shape[2..]]);
    }
}
