// Photographs that wait for the network, in IndexedDB: they outlive the tab, and leave only when the server has them.
const NAME = "tuquan-photos";

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("photos", { keyPath: "id" });
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
opened.catch(() => {});

async function run(mode, deed) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("photos", mode);
    const request = deed(transaction.objectStore("photos"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const put = (photo) => run("readwrite", (store) => store.put(photo));
export const remove = (id) => run("readwrite", (store) => store.delete(id));

export async function all(user) {
  const photos = await run("readonly", (store) => store.getAll());
  return photos.filter((photo) => photo.user === user).sort((a, b) => a.at - b.at);
}
