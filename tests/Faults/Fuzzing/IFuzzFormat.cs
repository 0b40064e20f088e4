namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>A format of files whose readers are tried with mutated inputs.</summary>
internal interface IFuzzFormat
{
    /// <summary>The format's name in commands and in the names of findings.</summary>
    string Name { get; }

    /// <summary>The end of a file's name, with its dot.</summary>
    string Extension { get; }

    /// <summary>The figure that tells this format's findings alone; null if it has none of its own.</summary>
    string? Figure => null;

    /// <summary>The well-formed inputs that mutations begin with: small, and the same in every run.</summary>
    IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>The exceptions by which the product may answer; types derived from them are not among them.</summary>
    IReadOnlyList<Type> Answers { get; }

    /// <summary>Mutates an input; the same for the same state of <paramref name="random"/>.</summary>
    byte[] Mutate(byte[] input, Random random);

    /// <summary>Reads an input by every way that a user has. What must not be is an exception other than <see cref="Answers"/>.</summary>
    /// <exception cref="FuzzFindingException">The product answered, but wrongly.</exception>
    void Execute(FuzzInput input);
}
