namespace MLNetExtensions.TensorFlow.Native;

/// <summary>A TF_Output: one of an operation's outputs.</summary>
internal readonly record struct Output(IntPtr Operation, int Index);
