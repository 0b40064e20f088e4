namespace MLNetExtensions.Training.Privacy;

/// <summary>The way from the gradient of a node's output to that of a parameter, for each example by itself.</summary>
internal enum ExampleRule
{
    /// <summary>The weights of a convolution: the sum over windows of gradient times input.</summary>
    Windows,

    /// <summary>The weights of a matrix product: the sum over an example's rows of gradient times input.</summary>
    Matrix,

    /// <summary>An addend: the gradient, summed over the dimensions that the parameter is repeated along.</summary>
    Addend,

    /// <summary>A factor: the gradient times the other factor, summed likewise.</summary>
    Factor,

    /// <summary>A slope for negative values: the gradient times those values, summed likewise.</summary>
    Slope,
}
