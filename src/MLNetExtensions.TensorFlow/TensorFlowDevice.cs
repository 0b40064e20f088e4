namespace MLNetExtensions.TensorFlow;

/// <summary>A device that TensorFlow sees.</summary>
/// <param name="Name">Its name, as <c>/job:localhost/replica:0/task:0/device:CPU:0</c>.</param>
/// <param name="Type">Its kind: <c>CPU</c>, <c>GPU</c>.</param>
/// <param name="MemoryBytes">The memory that TensorFlow may use on it.</param>
public sealed record TensorFlowDevice(string Name, string Type, long MemoryBytes);
