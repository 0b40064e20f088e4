namespace MLNetExtensions.TorchSharp.Losses;

/// <summary>A loss computed by libtorch from the first output, in 32 bits, and the encoded targets.</summary>
internal delegate Tensor TorchLoss(Tensor output, Tensor targets, float targetWeight);
