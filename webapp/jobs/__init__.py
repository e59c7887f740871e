"""What runs later: a job is a name and a service call.

`periodic` and `deferred` say what there is to do. The process of `stockcode worker` (`worker`) does none of it itself:
it takes jobs from the queue and says that it lives, and has a child process (`child`, through `handing_over`) do them.
So neither a long call in C nor what a job takes of memory is any danger to it, and a job that is to end is ended.
`healthcheck` is what a container asks of it.
"""
