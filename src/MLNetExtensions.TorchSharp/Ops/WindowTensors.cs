using MLNetExtensions.Onnx.Operators;
using F = TorchSharp.torch.nn.functional;

namespace MLNetExtensions.TorchSharp.Ops;

/// <summary>Windows in libtorch, which pads both sides alike. What it cannot do itself is padded explicitly.</summary>
internal static class WindowTensors
{
    extension(Window window)
    {
        /// <summary>True if libtorch's pooling supports the windows; it refuses a padding of more than half the kernel.</summary>
        public bool IsNativePool =>
            window.IsSymmetric && Enumerable.Range(0, window.Kernel.Length).All(i => 2 * window.Begin[i] <= window.Kernel[i]);

        /// <summary>The input with values around it so that windows without any padding are exactly this node's.</summary>
        public Tensor Pad(Tensor x, double value)
        {
            int rank = window.Kernel.Length;
            var pads = new long[2 * rank];
            for (int i = 0; i < rank; i++)
            {
                // libtorch lists the last dimension first. A negative end crops what no window reads.
                pads[2 * (rank - 1 - i)] = window.Begin[i];
                pads[2 * (rank - 1 - i) + 1] = window.ReachAfter(i);
            }
            return F.pad(x, pads, PaddingModes.Constant, value);
        }

        /// <summary>
        /// The number of each window's elements inside the input (or also inside its declared padding): a tensor of the spatial output
        /// shape.
        /// </summary>
        public Tensor Counts(bool includePad, torch.ScalarType type, torch.Device device)
        {
            int rank = window.Kernel.Length;
            Tensor counts = torch.ones([], type, device);
            for (int i = 0; i < rank; i++)
            {
                var shape = new long[rank];
                Array.Fill(shape, 1);
                shape[i] = window.Output[i];
                counts = counts * torch.tensor(window.CountsAlong(i, includePad), type, device).reshape(shape);
            }
            return counts;
        }
    }
}
