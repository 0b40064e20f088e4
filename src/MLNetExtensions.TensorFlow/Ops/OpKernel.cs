namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>Adds a node's ops to the graph and returns its outputs in the node's order, up to the last one that is used.</summary>
internal delegate OpResult[] OpKernel(OpCompilation op);
